/** `sallyport gallery …`: made, filled with photographs, listed and ended at a hub. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { gallery, matchingState, photosAnswer } from '@sallyport/hub/api/gallery-schemas'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { picturesAt } from '../faces/picture-list.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'

type Asking = { readonly hub?: string; readonly json?: boolean }

/** Photographs in one request: their base64 stays well below what a hub takes. */
const bytesAtOnce = 8 * 1024 * 1024
const photosAtOnce = 50

export async function makeGallery(
  list: string,
  options: Asking & {
    readonly name: string
    readonly opens: string
    readonly expires: string
    readonly gate?: readonly string[]
    readonly direction?: string
  },
): Promise<void> {
  const hub = await openSession(options)
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/galleries',
    body: {
      kind: options.gate === undefined ? 'list' : 'flight',
      list,
      name: options.name,
      lanes: options.gate ?? [],
      direction: options.direction ?? null,
      opens_at: options.opens,
      expires_at: options.expires,
    },
    answer: gallery,
  })
  if (options.json === true) return jsonLine(made)
  console.log(
    `${made.id}  ${made.people} people until ${made.expires_at}, log entry ${made.log_index}`,
  )
  note(`Send photographs: npx sallyport gallery photos ${made.id} FOLDER`)
}

/** Exit code 1 when one of them was not taken. */
export async function sendPhotos(
  id: string,
  paths: readonly string[],
  options: Asking,
): Promise<void> {
  const files = (await Promise.all(paths.map(picturesAt))).flat()
  const hub = await openSession(options)
  let refused = 0
  let batch: { name: string; picture: string }[] = []
  let bytes = 0
  const send = async (): Promise<void> => {
    if (batch.length === 0) return
    const answer = await hub.ask({
      method: 'POST',
      path: `/v1/galleries/${encodeURIComponent(id)}/photos`,
      body: { photos: batch },
      answer: photosAnswer,
      waitMsMax: limits.photosMsMax,
    })
    for (const photo of answer.photos) {
      if (photo.result !== 'described') refused += 1
      if (options.json === true) jsonLine(photo)
      else console.log(`${photo.name}  ${photo.result}  ${photo.detail}`)
    }
    batch = []
    bytes = 0
  }
  for (const file of files) {
    const picture = await readFile(file)
    if (batch.length === photosAtOnce || (bytes > 0 && bytes + picture.length > bytesAtOnce))
      await send()
    batch.push({ name: path.basename(file), picture: picture.toString('base64') })
    bytes += picture.length
  }
  await send()
  if (refused > 0)
    throw new CommandFailure(
      `${refused} of ${files.length} photographs were not taken; the lines above say why.`,
      exitCodes.no,
    )
}

export async function listGalleries(options: Asking): Promise<void> {
  const hub = await openSession(options)
  const found = await hub.ask({
    path: '/v1/galleries',
    answer: z.object({ matching: matchingState.nullable(), galleries: z.array(gallery) }),
  })
  note(
    found.matching === null
      ? 'Faces are off at this hub.'
      : `Compared with ${found.matching.model.label}, profile ${found.matching.profile}.`,
  )
  for (const one of found.galleries) {
    if (options.json === true) jsonLine(one)
    else
      console.log(
        `${one.id}  ${one.name}  ${one.state}  ${one.described} of ${one.people} with a photograph, until ${one.expires_at}`,
      )
  }
}

export async function endGallery(id: string, options: Asking): Promise<void> {
  const hub = await openSession(options)
  const ended = await hub.ask({
    method: 'POST',
    path: `/v1/galleries/${encodeURIComponent(id)}/end`,
    body: {},
    answer: gallery,
  })
  console.log(`${ended.name} is over; its templates and photographs are gone.`)
}
