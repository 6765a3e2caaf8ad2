/** The library itself, on its own plain backend, to compare with. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

import { faceApiNetworks, type FaceApiNetwork } from '../face-api-weights.ts'

type Tensor = { dataSync(): Float32Array }
type Network = {
  loadFromWeightMap(weights: unknown): void
  forward(
    input: unknown,
  ): Promise<Tensor & { boxes?: readonly Tensor[]; scores?: readonly Tensor[] }>
}
type Library = {
  readonly tf: {
    setBackend(name: string): Promise<boolean>
    ready(): Promise<void>
    tensor4d(values: Float32Array, shape: readonly number[]): unknown
    readonly io: { decodeWeights(bytes: ArrayBuffer, listed: unknown): unknown }
  }
  readonly env: { setEnv(parts: object): void }
} & Readonly<Record<string, new () => Network>>

const classes: Readonly<Record<FaceApiNetwork, string>> = {
  detector: 'SsdMobilenetv1',
  landmarks: 'FaceLandmark68Net',
  describer: 'FaceRecognitionNet',
}

/** What the library's network answers for bytes of a square picture, colours interleaved. */
export type LibraryNetwork = (
  bytes: Float32Array,
  side: number,
) => Promise<{ readonly values: Float32Array; readonly scores: Float32Array | null }>

/** The package's build for browsers, in a context that looks like one: its builds for Node want tfjs-node. */
export async function openLibrary(): Promise<(network: FaceApiNetwork) => Promise<LibraryNetwork>> {
  const folder = path.dirname(
    createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'),
  )
  const browser: Record<string, unknown> = {
    ...{ TextEncoder, TextDecoder, URL, performance, console, setTimeout, clearTimeout },
    ...{ Float32Array, Int32Array, Uint8Array, Uint8ClampedArray, Array, ArrayBuffer, fetch },
    document: { createElement: () => null },
    navigator: { userAgent: '' },
  }
  Object.assign(browser, { self: browser, window: browser, globalThis: browser })
  const context = vm.createContext(browser)
  vm.runInContext(await readFile(path.join(folder, 'dist/face-api.js'), 'utf8'), context)
  const library = vm.runInContext('faceapi', context) as Library
  const nothing = class {}
  library.env.setEnv({
    ...{ Canvas: nothing, Image: nothing, ImageData: nothing, Video: nothing },
    CanvasRenderingContext2D: nothing,
  })
  await library.tf.setBackend('cpu')
  await library.tf.ready()
  return async (name) => {
    const { file } = faceApiNetworks[name]
    const weights = path.join(folder, 'model', file)
    const listed = JSON.parse(
      await readFile(`${weights}-weights_manifest.json`, 'utf8'),
    ) as readonly {
      readonly weights: unknown
    }[]
    const bytes = await readFile(`${weights}.bin`)
    const numbers = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    const Class = library[classes[name]]
    if (Class === undefined) throw new Error(`The library has no ${classes[name]}.`)
    const network = new Class()
    network.loadFromWeightMap(
      library.tf.io.decodeWeights(numbers as ArrayBuffer, listed[0]?.weights),
    )
    return async (input, side) => {
      const answer = await network.forward(library.tf.tensor4d(input, [1, side, side, 3]))
      const values = answer.boxes?.[0] ?? answer
      return { values: values.dataSync(), scores: answer.scores?.[0]?.dataSync() ?? null }
    }
  }
}
