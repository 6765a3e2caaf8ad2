/** The landmark network: four dense blocks of separable convolutions, 112 × 112 pixels in, 68 points out. */

import { convolution, depthwise, samePads } from './convert-layers.ts'
import type { Layers } from './face-api-weights.ts'
import { OnnxGraph } from './onnx-writer.ts'

/** `image` [N, 3, 112, 112] → `points` [N, 136]: x, y of 68 points, 0 to 1 of the input. */
export function convertLandmarks(layers: Layers): Uint8Array {
  const graph = new OnnxGraph('face-landmarks')
  let value = graph.input('image', ['N', 3, 112, 112])
  for (const block of [0, 1, 2, 3]) value = denseBlock(graph, layers, value, block)
  const pooled = graph.apply('AveragePool', [value], { kernel_shape: [7, 7], strides: [2, 2] })
  const flat = graph.apply('Flatten', [pooled], { axis: 1 })
  const weights = layers.take('fc/weights')
  const bias = layers.take('fc/bias')
  const points = graph.apply('Gemm', [
    flat,
    graph.weights({ dims: weights.shape, data: weights.data }),
    graph.weights({ dims: bias.shape, data: bias.data }),
  ])
  graph.output('points', points, ['N', 136])
  return graph.bytes()
}

function denseBlock(graph: OnnxGraph, layers: Layers, input: string, block: number): string {
  const name = `dense${block}`
  const first =
    block === 0
      ? convolution(graph, input, layers.take(`${name}/conv0/filters`), {
          bias: layers.take(`${name}/conv0/bias`).data,
          stride: 2,
          pads: samePads[2],
        })
      : separable(graph, layers, input, `${name}/conv0`, 2)
  const out1 = graph.apply('Relu', [first])
  const out2 = separable(graph, layers, out1, `${name}/conv1`, 1)
  const sum2 = graph.apply('Add', [out1, out2])
  const out3 = separable(graph, layers, graph.apply('Relu', [sum2]), `${name}/conv2`, 1)
  const sum3 = graph.apply('Add', [sum2, out3])
  const out4 = separable(graph, layers, graph.apply('Relu', [sum3]), `${name}/conv3`, 1)
  return graph.apply('Relu', [graph.apply('Add', [sum3, out4])])
}

function separable(
  graph: OnnxGraph,
  layers: Layers,
  input: string,
  name: string,
  stride: 1 | 2,
): string {
  const depth = layers.take(`${name}/depthwise_filter`)
  const none = new Float32Array(depth.shape[2] ?? 0)
  const spread = depthwise(graph, input, depth, { bias: none, stride })
  return convolution(graph, spread, layers.take(`${name}/pointwise_filter`), {
    bias: layers.take(`${name}/bias`).data,
  })
}
