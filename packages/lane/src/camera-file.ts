/** Which camera a lane has: `camera.json` in its directory, for its owner alone, with the camera's password apart. */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import { z } from 'zod'

import { parseJson } from './device.ts'
import type { DurableFiles } from './durable-files.ts'
import { withoutPassword, withPassword } from './sources/credential.ts'

export const cameraFileName = 'camera.json'

const cameraFileShape = z.object({
  version: z.literal(1),
  source: z.string().min(1).max(2000),
  password: z.string().max(500).nullable(),
})

export type CameraFile =
  /** `source` as `lane run` takes it, the password in its address. */
  | { readonly kind: 'camera'; readonly source: string }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'refused'
      readonly code: 'camera_file_open' | 'camera_file_damaged'
      readonly detail: string
    }

/** Reads it. One that others of this computer can read is refused: its password is no secret any more. */
export async function readCameraFile(directory: string): Promise<CameraFile> {
  const file = path.join(directory, cameraFileName)
  let text: string
  try {
    const { mode } = await fs.stat(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const detail = `${file} can be read by others. Change the camera's password, then: chmod 600 ${file}`
      return { kind: 'refused', code: 'camera_file_open', detail }
    }
    text = await fs.readFile(file, 'utf8')
  } catch {
    return { kind: 'none' }
  }
  const parsed = cameraFileShape.safeParse(parseJson(text))
  if (!parsed.success) {
    const detail = `${file} is damaged. Name the camera again: npx sallyport lane add --directory ${directory}`
    return { kind: 'refused', code: 'camera_file_damaged', detail }
  }
  return { kind: 'camera', source: withPassword(parsed.data.source, parsed.data.password) }
}

/** Writes it, durable and for its owner alone. */
export async function writeCameraFile(
  directory: string,
  source: string,
  files: Pick<DurableFiles, 'write'>,
): Promise<void> {
  const camera: z.infer<typeof cameraFileShape> = { version: 1, ...withoutPassword(source) }
  const text = `${JSON.stringify(camera, null, 2)}\n`
  await files.write(path.join(directory, cameraFileName), utf8(text))
}
