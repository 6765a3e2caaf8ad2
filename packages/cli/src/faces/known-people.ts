/** Pictures of people who are known, compared each with each. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'

import type { Fold } from '@sallyport/core/face-cross-validation'
import { isPictureName } from '@sallyport/vision/picture-files'

import { CommandFailure, exitCodes } from '../exit.ts'
import type { Pair } from './pairs.ts'

/** One picture; null where no face was found in it. */
export type KnownPicture = {
  readonly file: string
  readonly person: string
  readonly fold: string
  readonly vector: Float32Array | null
}

const picturesMax = 20_000

/** Pictures below `folder` with their people: a folder a person, or names such as `Ada_0001.jpg`. */
export async function picturesOfPeople(
  folder: string,
): Promise<readonly { readonly file: string; readonly person: string }[]> {
  const names = await readdir(folder, { recursive: true, encoding: 'utf8' }).catch(
    (error: unknown) => {
      throw new CommandFailure(`${folder} cannot be read.`, exitCodes.wrongUse, { cause: error })
    },
  )
  const pictures = names.filter(isPictureName).sort()
  if (pictures.length > picturesMax)
    throw new CommandFailure(`At most ${picturesMax} pictures are taken.`, exitCodes.wrongUse)
  return pictures.map((file) => ({ file, person: personOf(file) }))
}

/** The folder of a picture, or without one its name up to a number. */
export function personOf(file: string): string {
  const { dir, name } = path.parse(file)
  return dir === '' ? name.replace(/[_-]?\d+$/, '') : dir
}

/** Every comparison within each fold, with the fold's listed pairs. */
export function foldsOf(
  pictures: readonly KnownPicture[],
  pairs: readonly Pair[],
  distance: (a: Float32Array, b: Float32Array) => number,
): readonly Fold[] {
  const vectors = new Map(pictures.map(({ file, vector }) => [file, vector]))
  const names = [...new Set(pictures.map(({ fold }) => fold))].sort()
  return names.map((name) => {
    const members = pictures.filter(({ fold }) => fold === name)
    return {
      ...comparedWithin(members, distance),
      pairs: pairs
        .filter(({ fold, same }) => (fold ?? '') === name && same !== null)
        .map(({ a, b, same, group }) => {
          const [first, second] = [vectors.get(a) ?? null, vectors.get(b) ?? null]
          return {
            same: same === true,
            distance: first === null || second === null ? null : distance(first, second),
            ...(group === null ? {} : { group }),
          }
        }),
    }
  })
}

function comparedWithin(
  pictures: readonly KnownPicture[],
  distance: (a: Float32Array, b: Float32Array) => number,
): Pick<Fold, 'genuine' | 'impostors'> {
  const genuine: number[] = []
  const impostors: number[] = []
  for (const [index, { person, vector }] of pictures.entries()) {
    if (vector === null) continue
    for (const other of pictures.slice(index + 1)) {
      if (other.vector === null) continue
      const found = person === other.person ? genuine : impostors
      found.push(distance(vector, other.vector))
    }
  }
  return { genuine: Float64Array.from(genuine), impostors: Float64Array.from(impostors) }
}
