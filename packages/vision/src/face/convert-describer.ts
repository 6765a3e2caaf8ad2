/** The description network: a residual network of 29 layers, 150 × 150 pixels in, 128 numbers out. */

import { convolution } from './convert-layers.ts'
import type { Layers } from './face-api-weights.ts'
import { OnnxGraph } from './onnx-writer.ts'

type Block = {
  readonly name: string
  readonly channels: number
  /** Halves the picture; its shortcut is averaged and filled up with empty channels. */
  readonly down?: boolean
  /** Its shortcut is one row and column larger than what it is added to. */
  readonly uneven?: boolean
}

const blocks: readonly Block[] = [
  { name: 'conv32_1', channels: 32 },
  { name: 'conv32_2', channels: 32 },
  { name: 'conv32_3', channels: 32 },
  { name: 'conv64_down', channels: 64, down: true },
  { name: 'conv64_1', channels: 64 },
  { name: 'conv64_2', channels: 64 },
  { name: 'conv64_3', channels: 64 },
  { name: 'conv128_down', channels: 128, down: true },
  { name: 'conv128_1', channels: 128 },
  { name: 'conv128_2', channels: 128 },
  { name: 'conv256_down', channels: 256, down: true, uneven: true },
  { name: 'conv256_1', channels: 256 },
  { name: 'conv256_2', channels: 256 },
  { name: 'conv256_down_out', channels: 256, down: true, uneven: true },
]

/** `image` [N, 3, 150, 150] → `description` [N, 128], not normalised. */
export function convertDescriber(layers: Layers): Uint8Array {
  const graph = new OnnxGraph('face-describer')
  const image = graph.input('image', ['N', 3, 150, 150])
  const first = graph.apply('Relu', [scaled(graph, layers, image, 'conv32_down', 2, 0)])
  let value = graph.apply('MaxPool', [first], { kernel_shape: [3, 3], strides: [2, 2] })
  let channels = 32
  for (const block of blocks) {
    value = residual(graph, layers, value, block, channels)
    channels = block.channels
  }
  const mean = graph.apply('ReduceMean', [value], { axes: [2, 3], keepdims: 0 })
  const { shape, data } = layers.take('fc')
  const weights = graph.weights({ dims: shape, data })
  graph.output('description', graph.apply('MatMul', [mean, weights]), ['N', 128])
  return graph.bytes()
}

function residual(
  graph: OnnxGraph,
  layers: Layers,
  input: string,
  { name, channels, down = false, uneven = false }: Block,
  channelsBefore: number,
): string {
  const first = down
    ? scaled(graph, layers, input, `${name}/conv1`, 2, 0)
    : scaled(graph, layers, input, `${name}/conv1`, 1, 1)
  const second = scaled(graph, layers, graph.apply('Relu', [first]), `${name}/conv2`, 1, 1)
  if (!down) return graph.apply('Relu', [graph.apply('Add', [second, input])])
  const short = graph.apply('AveragePool', [input], { kernel_shape: [2, 2], strides: [2, 2] })
  const main = uneven ? pad(graph, second, [0, 0, 0, 0, 0, 0, 1, 1]) : second
  const more = channels - channelsBefore
  const shortcut = more === 0 ? short : pad(graph, short, [0, 0, 0, 0, 0, more, 0, 0])
  return graph.apply('Relu', [graph.apply('Add', [shortcut, main])])
}

/** Zeros around a value: before and after each of its four dimensions. */
function pad(graph: OnnxGraph, value: string, pads: readonly number[]): string {
  return graph.apply('Pad', [value, graph.wholeNumbers(pads)])
}

/** A convolution with its bias, scaled and shifted: one convolution with other numbers. */
function scaled(
  graph: OnnxGraph,
  layers: Layers,
  input: string,
  name: string,
  stride: 1 | 2,
  padding: 0 | 1,
): string {
  const gain = layers.take(`${name}/scale/weights`).data
  const shift = layers.take(`${name}/scale/biases`).data
  const bias = layers
    .take(`${name}/conv/bias`)
    .data.map((value, at) => value * (gain[at] ?? 1) + (shift[at] ?? 0))
  return convolution(graph, input, layers.take(`${name}/conv/filters`), {
    bias,
    gain,
    stride,
    pads: [padding, padding, padding, padding],
  })
}
