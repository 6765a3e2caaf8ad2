/** Tells the people of a scope apart: by those whom people confirmed, and by the templates of faces. */

import { createHash } from 'node:crypto'
import { setImmediate as rest } from 'node:timers/promises'

import { linesForGallery, linesForPair } from '@sallyport/core/face-verdict'
import type { GradedCounts } from '@sallyport/core/scope/counts'
import { withPeople } from '@sallyport/core/scope/people'
import type { ScopePart } from '@sallyport/core/scope/question'
import type { ScopeFaces } from '@sallyport/core/scope/scope'
import { commit } from '@sallyport/proof/entry'
import {
  parsePeople,
  peopleHash,
  type PeopleLine,
  peopleOf,
  peopleText,
} from '@sallyport/proof/scope-people'
import type { PartsWindow } from '@sallyport/store/incidents/parts-sql'
import {
  comparableAmong,
  type ConfirmedTraveller,
  confirmedTravellers,
  type CountedPicture,
  scopedPictures,
  sealedTemplates,
} from '@sallyport/store/incidents/scope-people'
import type { Db } from '@sallyport/store/postgres/database'
import { type GroupLines, groupFaces } from '@sallyport/vision/face/group-faces'
import type { FaceTemplate } from '@sallyport/vision/face/template'
import { openTemplate } from '@sallyport/vision/face/template-seal'

import type { Matching } from '../faces/judge-faces.ts'
import { keyUnder } from '../faces/load-gallery.ts'
import type { Journal } from '../journal.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { type Problem, problem } from '../problems.ts'
import { incidentLimits } from './limits.ts'

export type FaceContext = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly keks: Pick<KekDesk, 'keystore'>
  /** Null where faces are off. */
  readonly matching: Pick<Matching, 'model' | 'calibrations'> | null
}

type Asked = {
  readonly scope: string
  readonly parts: readonly ScopePart[]
  readonly window: PartsWindow
  readonly account: string
  readonly bySalt: Buffer
  /** As the database counted them, without faces. */
  readonly counts: GradedCounts
}

export type PeopleFound = {
  readonly kind: 'people'
  readonly counts: GradedCounts
  readonly faces: ScopeFaces
  /** What the document commits to. */
  readonly rows: string
}

/** Opens templates under an entry of the log, compares all with all, and counts people by what came of it. */
export async function findPeople(
  asked: Asked,
  context: FaceContext,
): Promise<PeopleFound | Problem> {
  const { db, matching } = context
  if (matching === null)
    return problem(
      'faces_off',
      'Faces are off at this hub. State the scope without comparing them.',
    )
  const most = incidentLimits.bundlePicturesMax
  if (asked.counts.total.pictures > most)
    return problem(
      'scope_too_large',
      `People are told apart by face among at most ${most} pictures. State it without faces, or scopes of shorter windows.`,
    )
  const pictures = await scopedPictures(db, asked.parts, asked.window, most)
  const faces = pictures.filter(({ class: name }) => name === 'face').map(({ capture }) => capture)
  const comparable = await comparableAmong(db, matching.model.identity, faces)
  const captures = comparable.slice(0, incidentLimits.facesComparedMax)
  const entry = await context.journal.append({
    v: 1,
    at: context.now().toISOString(),
    kind: 'scope_faces_opened',
    scope: asked.scope,
    faces: captures.length,
    captures: hashOf(captures),
    by: commit(asked.bySalt, asked.account),
  })
  const lines = linesOf(matching, captures.length)
  const groups = await compare(captures, lines, { ...context, matching })
  const travellers = await confirmedIn(pictures, db)
  const rows = rowsOf(new Set(faces), captures, groups, travellers)
  const text = peopleText(rows)
  return {
    kind: 'people',
    counts: countWith(asked.counts, pictures, rows),
    faces: {
      entry,
      model: matching.model.identity,
      calibrations: matching.calibrations.all().map(({ sha256 }) => sha256.toString('hex')),
      sure: lines.sure !== null,
      rows_sha256: peopleHash(text),
    },
    rows: text,
  }
}

/** `counts` as they were stated with these rows: nothing is compared again. */
export async function countAgain(
  counts: GradedCounts,
  rows: string,
  of: { readonly db: Db; readonly parts: readonly ScopePart[]; readonly window: PartsWindow },
): Promise<GradedCounts> {
  const most = incidentLimits.bundlePicturesMax
  return countWith(counts, await scopedPictures(of.db, of.parts, of.window, most), peopleIn(rows))
}

/** Rows of this hub's own making. */
export function peopleIn(text: string): readonly PeopleLine[] {
  const rows = parsePeople(text)
  if (rows === null) throw new Error('the rows of people of a scope are not what this hub wrote')
  return rows
}

function countWith(
  counts: GradedCounts,
  pictures: readonly CountedPicture[],
  rows: readonly PeopleLine[],
): GradedCounts {
  const whoOf = new Map(pictures.map(({ crossing, who }) => [crossing, who]))
  return withPeople(counts, pictures, (crossing) => whoOf.get(crossing) ?? null, peopleOf(rows))
}

/**
 * The strictest of the calibrations in service says what is surely the same, the widest what may be:
 * faces of several classes of camera are compared with each other.
 */
function linesOf({ calibrations }: Pick<Matching, 'calibrations'>, size: number): GroupLines {
  let sure: number | null = Infinity
  let perhaps = 0
  for (const { calibration } of calibrations.all()) {
    const { curves, thresholds } = calibration
    const among = linesForGallery(curves, thresholds, size)
    const pair = linesForPair(curves, thresholds)
    sure = among.kind === 'lines' && sure !== null ? Math.min(sure, among.lines.match) : null
    // Where no line can be drawn, everybody may be everybody: 2 is as far as two faces can be.
    perhaps = Math.max(perhaps, pair.kind === 'lines' ? pair.lines.noMatch : 2 * (1 + 1e-6))
  }
  return { sure: sure === Infinity ? null : sure, perhaps: Math.max(perhaps, sure ?? 0) }
}

type Grouped = ReadonlyMap<string, { readonly same: number; readonly maybe: number }>

async function compare(
  captures: readonly string[],
  lines: GroupLines,
  { db, keks, matching: { model } }: FaceContext & { readonly matching: Pick<Matching, 'model'> },
): Promise<Grouped> {
  const opened: { readonly capture: string; readonly template: FaceTemplate }[] = []
  const { bundleRowsAtOnce: atOnce } = incidentLimits
  try {
    for (let from = 0; from < captures.length; from += atOnce) {
      const page = captures.slice(from, from + atOnce)
      for (const { capture, ...sealed } of await sealedTemplates(db, model.identity, page)) {
        const key = keyUnder(sealed.kek, sealed.header, keks)
        const found = key === null ? null : openTemplate(sealed.template, capture, key, model)
        if (found?.kind === 'template') opened.push({ capture, template: found.template })
      }
    }
    const templates = opened.map(({ template }) => template)
    const { sure, perhaps } = await groupFaces(templates, model, lines, () => rest())
    return new Map(
      opened.flatMap(({ capture }, at) => {
        const [same, maybe] = [sure[at] ?? null, perhaps[at] ?? null]
        return same === null || maybe === null ? [] : [[capture, { same, maybe }] as const]
      }),
    )
  } finally {
    // Also those that were opened before a later page could not be read.
    for (const { template } of opened) template.vector.fill(0)
  }
}

async function confirmedIn(
  pictures: readonly CountedPicture[],
  db: Db,
): Promise<readonly ConfirmedTraveller[]> {
  const crossings = [...new Set(pictures.map(({ crossing }) => crossing))].toSorted()
  return confirmedTravellers(db, crossings)
}

/** Numbers in order of appearance, so that they say nothing outside the scope. */
function rowsOf(
  faces: ReadonlySet<string>,
  compared: readonly string[],
  groups: Grouped,
  travellers: readonly ConfirmedTraveller[],
): readonly PeopleLine[] {
  const persons = new Map<string, number>()
  const numberOf = (identity: string) => {
    const number = persons.get(identity) ?? persons.size + 1
    persons.set(identity, number)
    return number
  }
  const named = new Map(travellers.map(({ capture, identity }) => [capture, numberOf(identity)]))
  const told = [...new Set([...compared.filter((one) => groups.has(one)), ...named.keys()])]
  const atCrossing = new Set(
    travellers.map(({ crossing, identity }) => `${crossing} ${numberOf(identity)}`),
  )
  return [
    ...told
      .filter((capture) => faces.has(capture))
      .toSorted()
      .map((capture): PeopleLine => {
        const { same, maybe } = groups.get(capture) ?? { same: null, maybe: null }
        return { kind: 'face', capture, same, maybe, person: named.get(capture) ?? null }
      }),
    ...[...atCrossing].toSorted().map((text): PeopleLine => {
      const [crossing = '', person] = text.split(' ')
      return { kind: 'traveller', crossing, person: Number(person) }
    }),
  ]
}

/** SHA-256, hex, of ids in order, each with a line feed. */
function hashOf(captures: readonly string[]): string {
  const digest = createHash('sha256')
  for (const capture of captures) digest.update(`${capture}\n`)
  return digest.digest('hex')
}
