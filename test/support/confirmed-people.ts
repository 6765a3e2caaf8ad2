/**
 * Travellers of a passenger list whose faces are numbers: as many as a calibration takes, each near every
 * other as people are. Pictures, sealing and decisions are as ever.
 */

import { createHash, randomBytes } from 'node:crypto'

import type { SeenFaces } from '@sallyport/lane/face-watch'
import { templateKey } from '@sallyport/proof/node/template-key'
import { describeEntry, entriesOf } from '@sallyport/store/faces/galleries'
import type { FaceTemplate } from '@sallyport/vision/face/template'
import { sealTemplate } from '@sallyport/vision/face/template-seal'

import { deliver, type TestDevice } from './device.ts'
import { ask, type FaceHub, type GalleryAnswer } from './face-hub.ts'
import { headPicture, photographOf, sealedFaces, seenFaces } from './faces.ts'
import type { Person } from './hub.ts'

export type Listed = {
  readonly surname: string
  readonly given: string
  /** ISO 8601; '' where nobody knows. */
  readonly born: string
  readonly sex: 'F' | 'M' | ''
  readonly document: string
}

/** People who have nothing in common. */
export function listed(count: number): readonly Listed[] {
  return Array.from({ length: count }, (_, at) => ({
    surname: `FAMILY${letters(at)}`,
    given: `GIVEN${letters(at)}`,
    born: `${1950 + at}-03-${String(10 + (at % 18))}`,
    sex: at % 2 === 0 ? ('F' as const) : ('M' as const),
    document: `P${String(at).padStart(5, '0')}X`,
  }))
}

function letters(at: number): string {
  return String.fromCharCode(65 + Math.floor(at / 26), 65 + (at % 26))
}

/** A template of person `who`, `look` by look: of one person nearer than any of two, though not by much. */
export function templateOf(
  who: string,
  look: string,
  model: { readonly name: string; readonly identity: string; readonly dimensions: number },
): FaceTemplate {
  const [own, now] = [spread(who), spread(`${who} ${look}`)]
  const vector = Float32Array.from(
    { length: model.dimensions },
    (_, at) => (at === 0 ? 1 : 0) + 0.02 * own(at) + 0.004 * now(at),
  )
  const length = Math.hypot(...vector)
  for (const [at, value] of vector.entries()) vector[at] = value / length
  return { name: model.name, model: model.identity, vector }
}

/** Numbers that look like chance and are the same each time: sums of bytes of a hash. */
function spread(of: string): (at: number) => number {
  return (at) => {
    const bytes = createHash('sha256').update(`${of} ${at}`).digest().subarray(0, 12)
    return (bytes.reduce((sum, byte) => sum + byte, 0) - 12 * 127.5) / (73.9 * Math.sqrt(12))
  }
}

/** A list of these people, a gallery of it for twelve hours, and a photograph of everybody. */
export async function galleryOf(
  here: FaceHub,
  supervisor: Person,
  people: readonly Listed[],
  { reference, now }: { readonly reference: string; readonly now: Date },
): Promise<string> {
  const hours = (count: number) => new Date(now.getTime() + count * 3_600_000).toISOString()
  const rows = people.map(
    ({ surname, given, born, sex, document }) =>
      `${surname},${given},${born},${sex},${document},${document}`,
  )
  const file = ['surname,given_names,born,sex,document_number,booking', ...rows, ''].join('\n')
  const imported = await ask<{ lists?: readonly { id: string }[] }>(
    supervisor,
    '/v1/passenger-lists',
    {
      format: 'csv',
      file: Buffer.from(file).toString('base64'),
      head: { transport: 'sailing', reference, arrivesAt: hours(2).slice(0, 16) },
      accepts: people.length,
    },
  )
  const made = await ask<GalleryAnswer>(supervisor, '/v1/galleries', {
    kind: 'list',
    list: imported.lists?.[0]?.id,
    name: reference,
    opens_at: hours(-1),
    expires_at: hours(12),
  })
  if (made.status !== 201) throw new Error(JSON.stringify([imported, made]))
  await describeAll(here, made.id)
  return made.id
}

/** As the hub describes photographs, without looking for a face in each. */
async function describeAll(here: FaceHub, gallery: string): Promise<void> {
  const { db, keks } = here.hub.hub.parts
  const { kek } = await db
    .selectFrom('gallery')
    .select('kek')
    .where('id', '=', gallery)
    .executeTakeFirstOrThrow()
  const jpeg = await photographOf(3)
  for (const entry of await entriesOf(db, gallery)) {
    const { header, body } = keks.seal(kek, jpeg)
    const unwrapped = keks.keystore.unwrap(kek, header)
    if (unwrapped?.kind !== 'unwrapped') throw new Error('what was just sealed opens')
    const template = templateOf(entry.document_number ?? '', 'photograph', here.reader.model)
    await describeEntry(db, entry.id, {
      template: sealTemplate(template, entry.id, templateKey(unwrapped.fileKey)),
      quality: null,
      photo_header: header,
      photo_body: body,
      photo_sha256: createHash('sha256').update(body).digest(),
      described_at: new Date(),
    })
  }
  await here.hub.restart()
}

/** Of one drawn head: looking takes longer than all else. */
const seenBy = new WeakMap<FaceHub, Promise<SeenFaces>>()
function seeOnce(here: FaceHub): Promise<SeenFaces> {
  const seen = headPicture(3, { yaw: 5, light: 0.7 }).then((head) => seenFaces(here.reader, [head]))
  seenBy.set(here, seen)
  return seen
}

/** These people pass together; answers with the crossing when everything about it was told. */
export async function passTogether(
  here: FaceHub,
  device: TestDevice,
  people: readonly Listed[],
  look = randomBytes(8).toString('hex'),
): Promise<string> {
  const seen = await (seenBy.get(here) ?? seeOnce(here))
  const [face] = seen.found
  if (face === undefined) throw new Error('the drawn head is found')
  const faces: SeenFaces = {
    ...seen,
    found: people.map(({ document }) => ({
      ...face,
      template: templateOf(document, look, here.reader.model),
    })),
  }
  const bundle = device.bundle({ faces: await sealedFaces(faces, device.recipient) })
  const answer = await deliver(here.hub, bundle.bytes)
  if (answer.status !== 201) throw new Error(await answer.text())
  await here.hub.hub.parts.faces.drain()
  return bundle.manifest.crossing
}
