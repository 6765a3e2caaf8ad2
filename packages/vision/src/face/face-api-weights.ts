/** The weights that npm package `@vladmandic/face-api` brings: a manifest and one file of quantised numbers. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Numbers of one layer, in TensorFlow's order: height, width, channels in, channels out. */
export type Layer = { readonly shape: readonly number[]; readonly data: Float32Array }
export type Layers = { take(name: string): Layer }

type Listed = {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly quantization?: {
    readonly dtype: 'uint8'
    readonly scale: number
    readonly min: number
  }
}

/** The package's networks that we use, with the SHA-256 of manifest and numbers in version 1.7.15. */
export const faceApiNetworks = {
  detector: {
    file: 'ssd_mobilenetv1_model',
    sha256: '44030ca4ed905f54fea7a800a6df242907e5ab381e560130f1fde537663e5f6c',
  },
  landmarks: {
    file: 'face_landmark_68_model',
    sha256: '4c704c0213b9f181aa16901ff0ecb64893884a05065cb512aa4ef6b42348ca41',
  },
  describer: {
    file: 'face_recognition_model',
    sha256: 'c2cf51e45a1f96cf2ba75d6b588dc259d7f602a813ff6efbeba4884d7359fad1',
  },
} as const

export type FaceApiNetwork = keyof typeof faceApiNetworks

/** Where the installed package has its weights. Throws when it is not installed. */
export function faceApiFolder(): string {
  const file = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')
  return path.join(path.dirname(file), 'model')
}

/**
 * The layers of one network. Throws, naming the file, when it is missing or not the one that was
 * measured: a describer of unknown origin must not describe.
 */
export async function readFaceApiWeights(
  network: FaceApiNetwork,
  folder = faceApiFolder(),
): Promise<Layers> {
  const { file, sha256 } = faceApiNetworks[network]
  const [manifest, numbers] = await Promise.all([
    readWeightFile(folder, `${file}-weights_manifest.json`),
    readWeightFile(folder, `${file}.bin`),
  ])
  const found = createHash('sha256').update(manifest).update(numbers).digest('hex')
  if (found !== sha256) {
    throw new Error(
      `The weights ${file} in ${folder} are damaged or of another version (${found.slice(0, 12)}…). Install @vladmandic/face-api 1.7.15 again.`,
    )
  }
  return decodeLayers(JSON.parse(manifest.toString('utf8')) as readonly Manifest[], numbers)
}

type Manifest = { readonly weights: readonly Listed[] }

async function readWeightFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file))
  } catch (error) {
    throw new Error(
      `The file ${file} of @vladmandic/face-api cannot be read in ${folder}. Install the packages again.`,
      { cause: error },
    )
  }
}

function decodeLayers(manifests: readonly Manifest[], numbers: Buffer): Layers {
  const layers = new Map<string, Layer>()
  let at = 0
  for (const { name, shape, quantization } of manifests.flatMap(({ weights }) => weights)) {
    const count = shape.reduce((product, size) => product * size, 1)
    const data = new Float32Array(count)
    if (quantization === undefined) {
      for (let index = 0; index < count; index++) data[index] = numbers.readFloatLE(at + index * 4)
      at += count * 4
    } else {
      const { scale, min } = quantization
      for (let index = 0; index < count; index++)
        data[index] = (numbers[at + index] as number) * scale + min
      at += count
    }
    layers.set(name, { shape, data })
  }
  return {
    take(name) {
      const layer = layers.get(name)
      if (layer === undefined) throw new Error(`The weights have no layer ${name}.`)
      return layer
    },
  }
}
