/** face-api as it ships, on the WebAssembly backend of TensorFlow.js, one thread. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

import { decodePicture } from '@sallyport/vision/picture'

type Tensor = { dispose(): void }
type FaceApi = {
  readonly tf: {
    setBackend(name: string): Promise<boolean>
    ready(): Promise<void>
    tensor3d(values: Uint8Array, shape: readonly number[], type: 'int32'): Tensor
  }
  readonly nets: Readonly<
    Record<
      'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet',
      { loadFromDisk(folder: string): Promise<void> }
    >
  >
  detectAllFaces(picture: Tensor): {
    withFaceLandmarks(): { withFaceDescriptors(): Promise<readonly unknown[]> }
  }
}

/** Pictures without a face by the library, and CPU time of one picture with decoding, ms. */
export async function shippedFaceApi(
  references: string,
  files: readonly string[],
): Promise<{ readonly lost: number; readonly cpuMs: number }> {
  const load = createRequire(path.resolve(references, 'package.json'))
  const own = path.dirname(
    createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'),
  )
  const wasm = load('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void }
  const backend = path.dirname(load.resolve('@tensorflow/tfjs-backend-wasm/package.json'))
  wasm.setWasmPaths(path.join(backend, 'wasm-out/'))
  // Its build for Node asks for tfjs by name: it has to be read from where that is installed.
  const library = await libraryBeside(load, path.join(own, 'dist/face-api.node-wasm.js'))
  await library.tf.setBackend('wasm')
  await library.tf.ready()
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const)
    await library.nets[net].loadFromDisk(path.join(own, 'model'))
  let lost = 0
  const cpu: number[] = []
  for (const file of files) {
    const bytes = await readFile(file)
    const before = process.cpuUsage()
    const decoded = await decodePicture(bytes)
    if (decoded.kind === 'refused') throw new Error(decoded.detail)
    const { width, height, data } = decoded.picture
    const picture = library.tf.tensor3d(data, [height, width, 3], 'int32')
    const faces = await library.detectAllFaces(picture).withFaceLandmarks().withFaceDescriptors()
    picture.dispose()
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1000)
    if (faces.length === 0) lost += 1
  }
  cpu.sort((a, b) => a - b)
  return { lost, cpuMs: cpu[cpu.length >> 1] ?? NaN }
}

async function libraryBeside(load: NodeJS.Require, file: string): Promise<FaceApi> {
  const module = { exports: {} as FaceApi }
  const source = await readFile(file, 'utf8')
  const run = vm.compileFunction(source, ['module', 'exports', 'require']) as (
    module: { exports: FaceApi },
    exports: FaceApi,
    require: NodeJS.Require,
  ) => void
  run(module, module.exports, load)
  return module.exports
}
