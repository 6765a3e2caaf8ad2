/**
 * Checks that rows, vault and log say the same (`sallyport fsck`). Reads everything, changes
 * nothing. What one part claims is looked up in the others, in both directions.
 */

import { parseEntry } from '@sallyport/proof/entry'
import { verifyLog } from '@sallyport/proof/log-verify'
import { parseManifest, verifyManifest } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import { readEntryBundle, tileAt, type TileReader, tileWidth } from '@sallyport/proof/tiles'
import { sql } from 'kysely'

import { checkEpochs, type LoggedEpochs, noteLoggedEpoch } from './fsck-epochs.ts'
import { checkFaces, type LoggedFaces, noteLoggedFaces } from './fsck-faces.ts'
import { checkNamed, type LoggedNamed, noteLoggedNamed } from './fsck-named.ts'
import { pageRows, pages } from './fsck-pages.ts'
import { checkKeptCheckpoints, checkReceipts } from './fsck-receipts.ts'
import { checkReleases, type LoggedReleases, noteLoggedRelease } from './fsck-releases.ts'
import type { FsckCode, FsckFinding, FsckReport } from './fsck-report.ts'
import {
  checkRetention,
  forgetShredded,
  type LoggedRetention,
  noteLoggedRetention,
} from './fsck-retention.ts'
import { checkVerdicts, type LoggedVerdicts, noteLoggedVerdict } from './fsck-review.ts'
import { checkStatements, type LoggedStatements, noteLoggedStatement } from './fsck-stays.ts'
import { checkCaptures } from './fsck-vault.ts'
import { checkWatch, type LoggedWatch, noteLoggedWatch } from './fsck-watch.ts'
import { checkWindow, type LoggedSteps, noteLoggedStep } from './fsck-window.ts'
import type { Db } from './postgres/database.ts'
import type { VaultReader } from './vault/segments.ts'

export type FsckSubject = {
  readonly db: Db
  readonly vault: VaultReader
  readonly log: TileReader
  readonly vkey: string
  /** Checkpoints beside the log that witnesses have cosigned. */
  readonly kept?: readonly { readonly name: string; readonly note: Uint8Array }[]
  readonly progress?: (text: string) => void
}

const findingsMax = 1000

export async function fsck(subject: FsckSubject): Promise<FsckReport> {
  const found: FsckFinding[] = []
  const lost: { readonly from: number; readonly to: number }[] = []
  let lostInRestore = 0
  const add: Add = (code, about, detail, entry) => {
    if (entry !== undefined && lost.some(({ from, to }) => from <= entry && entry < to))
      lostInRestore += 1
    else if (found.length < findingsMax) found.push({ code, subject: about, detail })
  }
  const entries = await checkLog(subject, add)
  lost.push(...entries.lost)
  const crossings = await checkCrossings(subject, entries, add)
  const captures = await checkCaptures(subject, add)
  const openings = await checkOpenings(subject, entries, add)
  await forgetShredded(subject.db, entries.verdicts, entries.watch)
  const watch = entries.sound
    ? await checkWatch(subject.db, entries.watch, add)
    : { watchEntries: 0, watchHits: 0 }
  const verdicts = entries.sound
    ? await checkVerdicts(subject.db, entries.verdicts, add)
    : { verdicts: 0 }
  const statements = entries.sound
    ? await checkStatements(subject.db, entries.statements, add)
    : { stayStatements: 0 }
  const faces = entries.sound
    ? await checkFaces(subject.db, entries.faces, add)
    : { faces: 0, galleries: 0 }
  const atWindow = entries.sound
    ? await checkWindow(subject.db, entries.steps, add)
    : { windowSteps: 0 }
  const handedOver = entries.sound
    ? await checkReleases(subject.db, entries.releases, add)
    : { releases: 0 }
  const days = entries.sound ? await checkEpochs(subject.db, entries.epochs, add) : { epochRows: 0 }
  const named = entries.sound ? await checkNamed(subject.db, entries.named, add) : { namedRows: 0 }
  const retention = entries.sound
    ? await checkRetention(subject.db, entries.retention, add)
    : { shreddings: 0, shredded: 0, holds: 0 }
  return {
    findings: found,
    counts: {
      ...crossings,
      ...captures,
      ...openings,
      ...watch,
      ...verdicts,
      ...statements,
      ...faces,
      ...atWindow,
      ...handedOver,
      ...retention,
      ...named,
      ...days,
      logEntries: entries.size,
      receipts: entries.receipts,
      keptCheckpoints: entries.keptCheckpoints,
      lostInRestore,
    },
  }
}

/** `entry`: the one in the log that has no row, where that is what is said. */
type Add = (code: FsckCode, about: string, detail: string, entry?: number) => void

type LoggedEntries = {
  /** False: the log itself is at fault, and what it would say of the rows is unknown. */
  readonly sound: boolean
  readonly size: number
  readonly receipts: number
  readonly keptCheckpoints: number
  /** Entries whose rows a declared restore has lost. */
  readonly lost: readonly { readonly from: number; readonly to: number }[]
  readonly crossings: ReadonlyMap<
    string,
    { readonly index: number; readonly manifestSha256: string }
  >
  readonly openings: ReadonlyMap<string, number>
  readonly watch: LoggedWatch
  readonly verdicts: LoggedVerdicts
  readonly statements: LoggedStatements
  readonly faces: LoggedFaces
  readonly steps: LoggedSteps
  readonly releases: LoggedReleases
  readonly retention: LoggedRetention
  readonly named: LoggedNamed
  readonly epochs: LoggedEpochs
}

const nothing = { size: 0, receipts: 0, keptCheckpoints: 0, lost: [] } as const

async function checkLog(subject: FsckSubject, add: Add): Promise<LoggedEntries> {
  const { log, vkey, progress = () => undefined, kept = [] } = subject
  const verdict = await verifyLog(log, vkey, {
    verifySignature: verify,
    progress: ({ entries, size }) => progress(`log: ${entries} of ${size} entries`),
    checkEntry: (entry) => {
      const parsed = parseEntry(entry)
      return parsed.kind === 'refused' ? parsed.detail : null
    },
  })
  const crossings = new Map<string, { index: number; manifestSha256: string }>()
  const openings = new Map<string, number>()
  const watch: LoggedWatch = new Map()
  const verdicts: LoggedVerdicts = new Map()
  const statements: LoggedStatements = new Map()
  const faces: LoggedFaces = new Map()
  const steps: LoggedSteps = new Map()
  const releases: LoggedReleases = new Map()
  const retention: LoggedRetention = new Map()
  const named: LoggedNamed = new Map()
  const epochs: LoggedEpochs = new Map()
  const said = {
    crossings,
    openings,
    watch,
    verdicts,
    statements,
    faces,
    steps,
    releases,
    retention,
  }
  if (verdict.kind === 'unsound') {
    for (const { path, detail, code } of verdict.findings)
      add('log_unsound', path, `${code}: ${detail}`)
    return { ...nothing, ...said, named, epochs, sound: false }
  }
  const { receipts } = await checkReceipts(log, verdict, add, progress)
  const { keptCheckpoints } = await checkKeptCheckpoints(subject, verdict.size, kept, add)
  const lost: { from: number; to: number }[] = []
  for (let bundle = 0; bundle * tileWidth < verdict.size; bundle++) {
    const bytes = await readEntryBundle(log, tileAt('entries', bundle * tileWidth, verdict.size))
    for (const [offset, entryBytes] of bytes.entries()) {
      const parsed = parseEntry(entryBytes)
      if (parsed.kind === 'refused') continue
      const index = bundle * tileWidth + offset
      const { entry } = parsed
      noteLoggedWatch(watch, entry, index)
      noteLoggedVerdict(verdicts, entry, index)
      noteLoggedStatement(statements, entry, index)
      noteLoggedFaces(faces, entry, index)
      noteLoggedStep(steps, entry, index)
      noteLoggedRelease(releases, entry, index)
      noteLoggedRetention(retention, entry, index)
      noteLoggedNamed(named, entry, index)
      noteLoggedEpoch(epochs, entry, index)
      if (entry.kind === 'restored') lost.push({ from: entry.rows_size, to: index })
      if (entry.kind === 'crossing') {
        if (crossings.has(entry.crossing))
          add('log_entry_differs', entry.crossing, `The log has it twice, at ${index} too.`)
        crossings.set(entry.crossing, { index, manifestSha256: entry.manifest_sha256 })
      }
      if (entry.kind === 'opening' || entry.kind === 'opening_refused')
        openings.set(entry.opening, index)
    }
  }
  const { size } = verdict
  return { ...said, named, epochs, sound: true, size, receipts, keptCheckpoints, lost }
}

async function checkCrossings({ db, progress }: FsckSubject, entries: LoggedEntries, add: Add) {
  const unseen = new Set(entries.crossings.keys())
  let crossings = 0
  let unsettled = 0
  for await (const row of pages(db, 'crossing', [
    'id',
    'received_at',
    'device',
    'sequence',
    'manifest',
    'manifest_sha256',
    'signature',
    'log_index',
  ])) {
    crossings += 1
    if (crossings % pageRows === 0) progress?.(`crossings: ${crossings}`)
    unseen.delete(row.id)
    const sha256 = row.manifest_sha256.toString('hex')
    const parsed = parseManifest(row.manifest)
    if (
      sha256Hex(row.manifest) !== sha256 ||
      parsed.kind === 'refused' ||
      parsed.manifest.crossing !== row.id
    ) {
      add('manifest_differs', row.id, 'The stored manifest is not the one that was accepted.')
    }
    const device = await db
      .selectFrom('device')
      .select('public_key')
      .where('id', '=', row.device)
      .executeTakeFirst()
    if (
      device === undefined ||
      !verifyManifest(device.public_key, row.manifest, row.signature, verify)
    ) {
      add('signature_wrong', row.id, `The signature is not by device ${row.device}.`)
    }
    const logged = entries.crossings.get(row.id)
    if (row.log_index === null) unsettled += 1
    if (row.log_index === null || !entries.sound) continue
    if (logged === undefined)
      add('crossing_not_in_log', row.id, `The row says entry ${row.log_index}; the log has none.`)
    else if (logged.index !== row.log_index || logged.manifestSha256 !== sha256) {
      add('log_entry_differs', row.id, `Entry ${logged.index} of the log does not fit the row.`)
    }
  }
  for (const id of unseen)
    add(
      'logged_crossing_missing',
      id,
      `Entry ${entries.crossings.get(id)?.index ?? '?'} of the log has no row.`,
      entries.crossings.get(id)?.index,
    )
  const strays = await sql<{ device: string; sequence: number }>`
    select intake.device, intake.sequence from intake
    left join crossing on crossing.id = intake.crossing and crossing.received_at = intake.received_at
    where crossing.id is null limit ${findingsMax}`.execute(db)
  for (const { device, sequence } of strays.rows)
    add('intake_without_crossing', `${device}/${sequence}`, 'Accepted, but there is no row.')
  const twice = await sql<{ device: string; sequence: number }>`
    select device, sequence from crossing group by device, sequence having count(*) > 1 limit ${findingsMax}`.execute(
    db,
  )
  for (const { device, sequence } of twice.rows)
    add('sequence_twice', `${device}/${sequence}`, 'Two crossings carry this sequence.')
  return { crossings, unsettled }
}

async function checkOpenings({ db }: FsckSubject, entries: LoggedEntries, add: Add) {
  const rows = await db.selectFrom('opening').select(['id', 'log_index']).execute()
  const unseen = new Set(entries.openings.keys())
  for (const row of rows) {
    unseen.delete(row.id)
    if (row.log_index === null || !entries.sound) continue
    if (entries.openings.get(row.id) !== row.log_index) {
      add('opening_not_in_log', row.id, `The row says entry ${row.log_index}; the log does not.`)
    }
  }
  for (const id of unseen) {
    const index = entries.openings.get(id)
    const detail = `Entry ${index ?? '?'} of the log has no row: somebody removed it.`
    add('logged_opening_missing', id, detail, index)
  }
  const plates = await sql<{ id: string }>`
    select id from crossing where reads is not null
      and plate_text is distinct from (reads -> 'plate' ->> 'text') limit ${findingsMax}`.execute(
    db,
  )
  for (const { id } of plates.rows) {
    add('plate_differs', id, 'The plate column is not what the reads say.')
  }
  return { openings: rows.length }
}
