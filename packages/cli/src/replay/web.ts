/** What is found on the web months later: copies of what was saved, changed on their way, among strangers. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { plantedKinds } from '@sallyport/hub/leaks/plant'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { cameraOf } from './lanes-look.ts'
import { limits } from './limits.ts'
import { drawPass } from './passes.ts'
import type { Saved } from './technician.ts'

export type WebFile = {
  readonly name: string
  readonly bytes: Uint8Array
  /** Null: nobody's picture of this crossing. */
  readonly of: Saved | null
  readonly change: string
}

/** Copies that nobody marks are cut to the plate: the others keep enough of the picture. */
const changes = plantedKinds.filter(({ name }) => name !== 'cut to the plate alone')

/** Writes the folder, and tells what is in it. Strangers pass before the same cameras and others. */
export async function foundOnTheWeb(
  saved: readonly Saved[],
  folder: string,
): Promise<readonly WebFile[]> {
  await mkdir(folder, { recursive: true })
  const files: WebFile[] = []
  for (const [at, one] of saved.entries()) {
    const decoded = await decodePicture(one.bytes)
    const change = changes[at % changes.length]
    if (decoded.kind === 'refused' || change === undefined) throw new Error('a copy decodes')
    const { width, height } = decoded.picture
    // Cut around the middle, where the vehicle is: whoever publishes it does not know of a plate's box.
    const middle = { x: width * 0.45, y: height * 0.5, width: width * 0.1, height: height * 0.1 }
    const bytes = await change.make(decoded.picture, middle)
    if (bytes === null) throw new Error('every change gives a file')
    files.push({ name: nameOf(files.length), bytes, of: one, change: change.name })
  }
  for (let at = 0; at < Math.ceil(saved.length * limits.foreignShare); at++) {
    const camera = at % 3 === 0 ? `elsewhere ${at}:front` : cameraOf(at % 4)
    const { picture } = await drawPass(camera, 1_000 + at)
    const change = at % 3 === 0 ? 'another camera' : 'the same camera, another vehicle'
    files.push({
      name: nameOf(files.length),
      bytes: await encodeJpeg(picture, 78),
      of: null,
      change,
    })
  }
  for (const { name, bytes } of files) await writeFile(path.join(folder, name), bytes)
  return files
}

function nameOf(at: number): string {
  return `found-${String((at * 17) % 97).padStart(2, '0')}.jpg`
}
