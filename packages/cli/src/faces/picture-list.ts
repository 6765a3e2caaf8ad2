/** Pictures that a person names at the terminal: files, and folders of them. */

import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { decodePicture, type DecodedPicture } from '@sallyport/vision/picture'
import { isPictureName } from '@sallyport/vision/picture-files'

import { CommandFailure, exitCodes } from '../exit.ts'

/** The pictures at `place`, in order of their names; folders below a folder are not looked into. */
export async function picturesAt(place: string): Promise<readonly string[]> {
  const found = await stat(place).catch(() => null)
  if (found === null) throw new CommandFailure(`${place} is not there.`, exitCodes.wrongUse)
  if (!found.isDirectory()) return [place]
  return (await readdir(place))
    .filter(isPictureName)
    .sort()
    .map((name) => path.join(place, name))
}

/** Reads and decodes a picture. A file that cannot be read is a failure that names it. */
export async function pictureIn(file: string): Promise<DecodedPicture> {
  return decodePicture(
    await readFile(file).catch((error: unknown) => {
      throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
    }),
  )
}
