/** The converted networks answer what the library answers. */

import * as ort from 'onnxruntime-node'
import { expect, test } from 'vitest'

import { floatsOf } from '../models.ts'
import type { Picture } from '../picture.ts'
import { anchorGrids } from './anchors.ts'
import { drawHead } from './drawn-head.ts'
import { evaluationNetwork, evaluationNormalisation } from './evaluation-model.ts'
import type { FaceApiNetwork } from './face-api-weights.ts'
import { openFaceSession } from './face-session.ts'
import type { Normalisation } from './sample.ts'
import { openLibrary } from './testing/face-api.ts'

const exact = 1e-4

function planesOf({ data, width }: Picture, { mean, scale }: Normalisation): ort.Tensor {
  const plane = width * width
  const values = new Float32Array(3 * plane)
  for (let at = 0; at < plane; at++) {
    for (const channel of [0, 1, 2] as const) {
      const byte = data[at * 3 + channel] ?? 0
      values[channel * plane + at] = (byte - mean[channel]) * scale[channel]
    }
  }
  return new ort.Tensor('float32', values, [1, 3, width, width])
}

async function ours(network: FaceApiNetwork, picture: Picture, normalisation: Normalisation) {
  const session = await openFaceSession(network, await evaluationNetwork(network, null), 1)
  const outputs = await session.run({ image: planesOf(picture, normalisation) })
  await session.release()
  return outputs
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? NaN))), 0)
}

test.each([
  ['describer', 150, 'description'],
  ['landmarks', 112, 'points'],
] as const)(
  'the %s gives what the library gives, to 1e-4, on drawn faces',
  async (name, side, output) => {
    const theirs = await (await openLibrary())(name)
    const picture = drawHead(8, side, { yaw: 14, light: 0.5 })
    const { values } = await theirs(Float32Array.from(picture.data), side)
    const found = floatsOf(await ours(name, picture, evaluationNormalisation), output)
    expect(largestDifference(found, values)).toBeLessThan(exact)
    expect(largestDifference(found, new Float32Array(found.length))).toBeGreaterThan(0.1)
  },
  120_000,
)

// On its plain backend the library takes a quarter of a minute for one picture.
test.runIf(process.env['SLOW'] === '1')(
  'the detector gives the boxes and scores that the library gives, to 1e-4',
  { timeout: 600_000 },
  async () => {
    const picture = drawHead(5, 512)
    const theirs = await (await openLibrary())('detector')
    const wanted = await theirs(Float32Array.from(picture.data), 512)
    const around = { mean: [127.5, 127.5, 127.5], order: 'rgb' } as const
    const scale = [1 / 127.5, 1 / 127.5, 1 / 127.5] as const
    const outputs = await ours('detector', picture, { ...around, scale })
    const scores = floatsOf(outputs, 'scores').map((logit) => 1 / (1 + Math.exp(-logit)))
    expect(largestDifference(scores, wanted.scores ?? new Float32Array())).toBeLessThan(exact)
    expect(largestDifference(decoded(floatsOf(outputs, 'boxes')), wanted.values)).toBeLessThan(
      exact,
    )
  },
)

/** Top, left, bottom, right of all boxes as shares of 512 pixels, as the library decodes them. */
function decoded(coded: Float32Array): Float32Array {
  const boxes: number[] = []
  for (const { stride, sizes } of anchorGrids) {
    const cells = 512 / stride
    for (let cell = 0; cell < cells * cells; cell++) {
      for (const [height, width] of sizes) {
        const [dy = 0, dx = 0, dh = 0, dw = 0] = coded.subarray(boxes.length, boxes.length + 4)
        const y = (Math.floor(cell / cells) + 0.5) * stride + (dy / 10) * height
        const x = ((cell % cells) + 0.5) * stride + (dx / 10) * width
        const [h, w] = [Math.exp(dh / 5) * height, Math.exp(dw / 5) * width]
        boxes.push(...[y - h / 2, x - w / 2, y + h / 2, x + w / 2].map((side) => side / 512))
      }
    }
  }
  return Float32Array.from(boxes)
}
