/** Layers of TensorFlow written as nodes of ONNX: same numbers, other order. */

import type { Layer } from './face-api-weights.ts'
import type { OnnxGraph } from './onnx-writer.ts'

export type ConvolutionOptions = {
  readonly bias: Float32Array
  /** What every output channel is multiplied with (its bias is not); 1 when absent. */
  readonly gain?: Float32Array
  readonly stride?: 1 | 2
  /** Rows and columns of zeros: top, left, bottom, right. */
  readonly pads?: readonly [number, number, number, number]
}

/** TensorFlow's padding "same" for a kernel of 3 at stride 1, and at stride 2 where the size is even. */
export const samePads = { 1: [1, 1, 1, 1], 2: [0, 0, 1, 1] } as const

/** A convolution over all channels: filters of height, width, in, out become out, in, height, width. */
export function convolution(
  graph: OnnxGraph,
  input: string,
  { shape, data }: Layer,
  { bias, gain, stride = 1, pads = [0, 0, 0, 0] }: ConvolutionOptions,
): string {
  const [height = 0, width = 0, from = 0, to = 0] = shape
  const turned = new Float32Array(data.length)
  for (let tap = 0; tap < height * width; tap++) {
    for (let source = 0; source < from; source++) {
      for (let target = 0; target < to; target++) {
        const weight = data[(tap * from + source) * to + target] as number
        turned[(target * from + source) * height * width + tap] = weight * (gain?.[target] ?? 1)
      }
    }
  }
  const filters = graph.weights({ dims: [to, from, height, width], data: turned })
  return graph.apply('Conv', [input, filters, graph.weights({ dims: [to], data: bias })], {
    kernel_shape: [height, width],
    strides: [stride, stride],
    pads,
  })
}

/** A convolution of every channel by itself: filters of height, width, channel, 1. */
export function depthwise(
  graph: OnnxGraph,
  input: string,
  { shape, data }: Layer,
  { bias, gain, stride = 1, pads = samePads[stride] }: ConvolutionOptions,
): string {
  const [height = 0, width = 0, channels = 0] = shape
  const turned = new Float32Array(data.length)
  for (let tap = 0; tap < height * width; tap++) {
    for (let channel = 0; channel < channels; channel++) {
      const weight = data[tap * channels + channel] as number
      turned[channel * height * width + tap] = weight * (gain?.[channel] ?? 1)
    }
  }
  const filters = graph.weights({ dims: [channels, 1, height, width], data: turned })
  return graph.apply('Conv', [input, filters, graph.weights({ dims: [channels], data: bias })], {
    kernel_shape: [height, width],
    strides: [stride, stride],
    pads,
    group: channels,
  })
}
