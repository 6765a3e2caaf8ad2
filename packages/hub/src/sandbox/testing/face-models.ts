/** Small face models for tests, good and bad, with the card of a good one. */

import { createHash } from 'node:crypto'

import { faceCardFormat } from '@sallyport/vision/face/face-card'
import { OnnxGraph } from '@sallyport/vision/face/onnx-writer'

const [side, dimensions] = [112, 48]

/** Describes by the means of 3 × 28 × 28 fields: no good, but of the usual shape. */
export function meansModel(): Uint8Array {
  const { graph, means } = begun('means')
  graph.output('embedding', graph.apply('Flatten', [means], { axis: 1 }), ['N', dimensions])
  return graph.bytes()
}

/** The same numbers for everybody. */
export function constantModel(): Uint8Array {
  const { graph, means } = begun('constant')
  const nothing = graph.apply('Mul', [means, graph.number(0)])
  const ones = graph.apply('Add', [nothing, graph.number(1)])
  graph.output('embedding', graph.apply('Flatten', [ones], { axis: 1 }), ['N', dimensions])
  return graph.bytes()
}

/** No numbers: 0 divided by 0. */
export function nanModel(): Uint8Array {
  const { graph, means } = begun('nan')
  const nothing = graph.apply('Mul', [means, graph.number(0)])
  const none = graph.apply('Div', [nothing, nothing])
  graph.output('embedding', graph.apply('Flatten', [none], { axis: 1 }), ['N', dimensions])
  return graph.bytes()
}

/** Zeros for everybody. */
export function zeroModel(): Uint8Array {
  const { graph, means } = begun('zero')
  const nothing = graph.apply('Mul', [means, graph.number(0)])
  graph.output('embedding', graph.apply('Flatten', [nothing], { axis: 1 }), ['N', dimensions])
  return graph.bytes()
}

/** Three numbers instead of those that its card promises. */
export function shortModel(): Uint8Array {
  const { graph, means } = begun('short')
  const three = graph.apply('ReduceMean', [means], { axes: [2, 3], keepdims: 0 })
  graph.output('embedding', three, ['N', 3])
  return graph.bytes()
}

function begun(name: string) {
  const graph = new OnnxGraph(name)
  const image = graph.input('input', ['N', 3, side, side])
  const means = graph.apply('AveragePool', [image], { kernel_shape: [28, 28], strides: [28, 28] })
  return { graph, means }
}

/** The card of such a model, as its maker writes it. */
export function faceCardFor(model: Uint8Array, change: Readonly<Record<string, unknown>> = {}) {
  return {
    format: faceCardFormat,
    name: 'means',
    licence: 'CC0-1.0',
    source: 'made by a test',
    describer: {
      file: 'means.onnx',
      sha256: createHash('sha256').update(model).digest('hex'),
      input: { name: 'input', width: side, height: side },
      normalisation: { mean: [127.5, 127.5, 127.5], scale: [0.0078, 0.0078, 0.0078], order: 'rgb' },
      output: 'embedding',
      dimensions,
      alignment: [
        [38.3, 51.7],
        [73.5, 51.5],
        [56, 71.7],
        [41.5, 92.4],
        [70.7, 92.2],
      ],
      outside: 0,
      mirror: true,
      ...change,
    },
  }
}
