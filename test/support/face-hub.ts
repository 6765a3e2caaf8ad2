/** A hub that compares faces, a lane beside it, and people who are expected. */

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type FaceReader, openEvaluationReader } from '@sallyport/vision/face/face-reader'

import { deliver, enrolTestDevice, type TestDevice } from './device.ts'
import { drawnCalibration, headPicture, sealedFaces, seenFaces } from './faces.ts'
import { type Person, startTestHub, type TestHub, type TestHubOptions } from './hub.ts'

export type FaceHub = {
  readonly hub: TestHub
  readonly device: TestDevice
  /** Sees faces as the lane does. */
  readonly reader: FaceReader
  /** A crossing whose occupants look like these, sealed; called, it is delivered and answers its id. */
  sealedCrossing(who: readonly number[], plate?: string): Promise<() => Promise<string>>
  remove(): Promise<void>
}

/** Starts it with a calibration in which drawn people can be told apart. */
export async function startFaceHub(
  options: Pick<TestHubOptions, 'now' | 'console' | 'settings' | 'ownUpkeep'> = {},
): Promise<FaceHub> {
  const reader = await openEvaluationReader()
  const data = await mkdtemp(path.join(tmpdir(), 'sallyport-hub-'))
  const file = path.join(data, 'drawn.calibration')
  await writeFile(file, drawnCalibration(reader.model.identity))
  const hub = await startTestHub({
    ...options,
    data,
    settings: { ...options.settings, faces: 'evaluation', faceCalibrations: [file] },
  })
  const device = await enrolTestDevice(hub, 'in-1')
  return {
    hub,
    device,
    reader,
    async sealedCrossing(who, plate = 'TEST123') {
      const pictures = await Promise.all(who.map((one) => headPicture(one, { yaw: 5, light: 0.7 })))
      const faces = await sealedFaces(await seenFaces(reader, pictures), device.recipient)
      const bundle = device.bundle({ faces, plate })
      return async () => {
        const answer = await deliver(hub, bundle.bytes)
        if (answer.status !== 201) throw new Error(await answer.text())
        return bundle.manifest.crossing
      }
    },
    async remove() {
      await hub.remove()
      await reader.close()
    },
  }
}

/** Asks as this person, with a body by POST: the answer with its status. */
export async function ask<T = unknown>(
  person: Person,
  where: string,
  body?: unknown,
): Promise<T & { readonly status: number }> {
  const answer = await person.request(where, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  return { ...((await answer.json()) as T), status: answer.status }
}

export type GalleryAnswer = {
  readonly id: string
  readonly state: string
  readonly people: number
  readonly described: number
  readonly searchable: number
  readonly entries: readonly { readonly id: string; readonly name: string }[]
}

/** A passenger list of these people, all ANNA, and a gallery for it that is open for half a day. */
export async function makeGallery(
  supervisor: Person,
  people: readonly { readonly who: number; readonly surname: string }[],
  { reference, now }: { readonly reference: string; readonly now: Date },
) {
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString()
  const rows = people.map(({ who, surname }) => `${surname},ANNA,P0000${who}X,${reference}`)
  const file = ['surname,given_names,document_number,booking', ...rows, ''].join('\n')
  const { lists } = await ask<{ lists?: readonly { id: string }[] }>(
    supervisor,
    '/v1/passenger-lists',
    {
      format: 'csv',
      file: Buffer.from(file).toString('base64'),
      head: { transport: 'sailing', reference, arrivesAt: inHours(2).slice(0, 16) },
      accepts: people.length,
    },
  )
  return ask<GalleryAnswer>(supervisor, '/v1/galleries', {
    kind: 'list',
    list: lists?.[0]?.id,
    name: reference,
    opens_at: inHours(-1),
    expires_at: inHours(10),
  })
}

/** Photographs by the name of their file; answers what became of each. */
export async function addPhotographs(
  supervisor: Person,
  gallery: string,
  named: Readonly<Record<string, Uint8Array>>,
) {
  const photos = Object.entries(named).map(([name, bytes]) => ({
    name,
    picture: Buffer.from(bytes).toString('base64'),
  }))
  const answer = await ask<{
    photos: readonly { name: string; result: string; entry: string | null }[]
  }>(supervisor, `/v1/galleries/${gallery}/photos`, { photos })
  return answer.photos
}

export type FaceAnswer = {
  readonly id: string
  readonly capture_id: string
  readonly outcome: {
    readonly kind: string
    readonly candidates?: readonly { readonly name: string | null; readonly entry_id: string }[]
  }
}

/** What the hub says of the faces of a crossing once everything about it was told. */
export async function facesOf(
  person: Person,
  crossing: string,
  hub: TestHub,
): Promise<readonly FaceAnswer[]> {
  await hub.hub.parts.faces.drain()
  const answer = await ask<{ faces: readonly FaceAnswer[] }>(
    person,
    `/v1/crossings/${crossing}/faces`,
  )
  if (answer.status !== 200) throw new Error(JSON.stringify(answer))
  return answer.faces
}
