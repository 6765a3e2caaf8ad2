/** The detection network: MobileNet v1 with six box predictors (SSD), for frames of any size. */

import { anchorGrids, listedSide } from './anchors.ts'
import { convolution, depthwise, samePads } from './convert-layers.ts'
import type { Layer, Layers } from './face-api-weights.ts'
import { OnnxGraph } from './onnx-writer.ts'

const epsilon = 0.0010000000474974513
const halvingLayers: ReadonlySet<number> = new Set([2, 4, 6, 12])
/** One more row and column of zeros than "same" needs: it changes nothing where the size is even, and an odd one keeps its last cell. */
const roundingUpPads = [0, 0, 2, 2] as const

/**
 * `image` [1, 3, H, W] with sides of whole 32 pixels → `boxes` [1, A, 4] (y, x, height, width as
 * coded by SSD) and `scores` [1, A] (logits that a face is there), grid after grid, row by row.
 */
export function convertDetector(layers: Layers): Uint8Array {
  checkAnchors(layers.take('Output/extra_dim'))
  const graph = new OnnxGraph('face-detector')
  const bounds = [graph.number(0), graph.number(6)]
  const clipped = (value: string): string => graph.apply('Clip', [value, ...bounds])
  const pointwise = (input: string, name: string, stride: 1 | 2, pads: Pads): string =>
    clipped(
      convolution(graph, input, layers.take(`${name}/weights`), {
        bias: layers.take(`${name}/convolution_bn_offset`).data,
        stride,
        pads,
      }),
    )

  const image = graph.input('image', [1, 3, 'H', 'W'])
  let value = pointwise(image, 'MobilenetV1/Conv2d_0_pointwise', 2, samePads[2])
  let eleventh = value
  for (let index = 1; index <= 13; index++) {
    const name = `MobilenetV1/Conv2d_${index}`
    const stride = halvingLayers.has(index) ? 2 : 1
    value = clipped(normalised(graph, layers, value, `${name}_depthwise`, stride))
    value = pointwise(value, `${name}_pointwise`, 1, noPads)
    if (index === 11) eleventh = value
  }
  const maps = [eleventh, value]
  for (let index = 0; index < 8; index += 2) {
    value = pointwise(value, `Prediction/Conv2d_${index}_pointwise`, 1, noPads)
    value = pointwise(value, `Prediction/Conv2d_${index + 1}_pointwise`, 2, roundingUpPads)
    maps.push(value)
  }
  const heads = maps.map((map, index) => predictor(graph, layers, map, index))
  const join = (parts: readonly string[]): string => graph.apply('Concat', parts, { axis: 1 })
  graph.output('boxes', join(heads.map(({ boxes }) => boxes)), [1, 'A', 4])
  graph.output('scores', join(heads.map(({ scores }) => scores)), [1, 'A'])
  return graph.bytes()
}

type Pads = readonly [number, number, number, number]
const noPads: Pads = [0, 0, 0, 0]

/** A convolution channel by channel with its batch normalisation, as one with other numbers. */
function normalised(
  graph: OnnxGraph,
  layers: Layers,
  input: string,
  name: string,
  stride: 1 | 2,
): string {
  const part = (of: string): Float32Array => layers.take(`${name}/BatchNorm/${of}`).data
  const [gamma, beta, mean, variance] = [
    part('gamma'),
    part('beta'),
    part('moving_mean'),
    part('moving_variance'),
  ]
  const gain = gamma.map((value, at) => value / Math.sqrt((variance[at] ?? 0) + epsilon))
  const bias = beta.map((value, at) => value - (mean[at] ?? 0) * (gain[at] ?? 0))
  return depthwise(graph, input, layers.take(`${name}/depthwise_weights`), { bias, gain, stride })
}

function predictor(
  graph: OnnxGraph,
  layers: Layers,
  map: string,
  index: number,
): { readonly boxes: string; readonly scores: string } {
  const name = `Prediction/BoxPredictor_${index}`
  const head = (weights: Layer, bias: Float32Array, shape: readonly number[]): string => {
    const raw = convolution(graph, map, weights, { bias })
    const turned = graph.apply('Transpose', [raw], { perm: [0, 2, 3, 1] })
    return graph.apply('Reshape', [turned, graph.wholeNumbers(shape)])
  }
  // Three classes of which the second is a face; the others are never asked for.
  const classes = layers.take(`${name}/ClassPredictor/weights`)
  const biases = layers.take(`${name}/ClassPredictor/biases`)
  const face = everyThird(classes)
  return {
    boxes: head(
      layers.take(`${name}/BoxEncodingPredictor/weights`),
      layers.take(`${name}/BoxEncodingPredictor/biases`).data,
      [1, -1, 4],
    ),
    scores: head(face, everyThird(biases).data, [1, -1]),
  }
}

/** The second of every three output channels. */
function everyThird({ shape, data }: Layer): Layer {
  const channels = (shape.at(-1) ?? 0) / 3
  const kept = data.filter((_, at) => at % 3 === 1)
  return { shape: [...shape.slice(0, -1), channels], data: kept }
}

/** Throws when the package lists other boxes than ours: they would be decoded wrongly. */
function checkAnchors({ data }: Layer): void {
  let box = 0
  for (const { stride, sizes } of anchorGrids) {
    const cells = listedSide / stride
    for (let cell = 0; cell < cells * cells; cell++) {
      const centre = [(Math.floor(cell / cells) + 0.5) * stride, ((cell % cells) + 0.5) * stride]
      for (const [height, width] of sizes) {
        const [top = 0, left = 0, bottom = 0, right = 0] = data.subarray(box * 4, box * 4 + 4)
        const listed = [top + bottom, left + right, (bottom - top) * 2, (right - left) * 2]
        const ours = [...centre, height, width]
        if (listed.some((value, at) => Math.abs((value * listedSide) / 2 - (ours[at] ?? 0)) > 0.01))
          throw new Error('The face detector lists other boxes than those of SSD.')
        box += 1
      }
    }
  }
}
