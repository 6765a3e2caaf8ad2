/** Searches for copies outside: begun and ended in the log, one file after another in between. */

import { createHash, randomBytes } from 'node:crypto'

import { type Copy, type Finding, findingOf } from '@sallyport/core/leaks/finding'
import { type PlantedCopies, searchStatement } from '@sallyport/core/leaks/statement'
import type { MarkKey } from '@sallyport/marks/secret'
import { commit } from '@sallyport/proof/entry'
import { captureById } from '@sallyport/store/crossings'
import { countCaptures } from '@sallyport/store/leaks/captures'
import { partyOf } from '@sallyport/store/leaks/copies'
import {
  countLeakFiles,
  insertLeakFile,
  insertLeakSearch,
  lastLeakFile,
  leakSearchById,
  type LeakSearchRow,
  listLeakFiles,
  noteFacesDescribed,
  noteLeakSearchEnded,
  noteLeakSearchLogged,
  noteSelfTest,
} from '@sallyport/store/leaks/searches'
import type { Db } from '@sallyport/store/postgres/database'

import type { Events } from '../events.ts'
import type { OpenedFaces } from '../faces/open-faces.ts'
import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import type { ReaderDesk } from '../reader/desk.ts'
import type { UnsealContext } from '../unsealed.ts'
import { createComparer } from './comparer.ts'
import { examine, type ExamineContext } from './examine.ts'
import { createFaceMemory } from './face-memory.ts'
import { facesOfCrossings, facesOfPhotographs } from './face-sources.ts'
import { createHashMemory } from './hash-memory.ts'
import { createKnown } from './known.ts'
import { runSelfTest } from './self-test.ts'

export type LeakContext = UnsealContext & {
  readonly db: Db
  /** Null where faces are off: faces in found pictures lead nowhere then. */
  readonly faces: OpenedFaces | null
  readonly journal: Journal
  readonly events: Pick<Events, 'publish'>
  readonly desk: Pick<ReaderDesk, 'read'>
  readonly markKeys: () => Promise<readonly MarkKey[]>
  readonly now: () => Date
}

export type FileFinding = {
  readonly number: number
  readonly name: string
  /** Null for a file that could not be read. */
  readonly sha256: string | null
  readonly finding: Finding
  readonly crossing: string | null
  readonly party: string | null
}

/** A file from outside, or why it could not be read. */
export type FoundFile = { readonly name: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly unread: string }
)

export type Leaks = {
  begin(ask: {
    readonly account: string
    readonly reference: string
    readonly sources: readonly string[]
  }): Promise<{ readonly kind: 'begun'; readonly search: string } | Problem>
  /** Looks at one file; its bytes are forgotten with the answer. */
  examine(search: string, file: FoundFile): Promise<FileFinding | Problem>
  /** Plants copies of stored pictures in memory and counts how many the search finds. */
  selfTest(search: string, pictures: number): Promise<readonly PlantedCopies[] | Problem>
  end(search: string): Promise<{ readonly kind: 'ended' } | Problem>
  statement(row: LeakSearchRow): Promise<readonly string[]>
  close(): Promise<void>
}

export function createLeaks(context: LeakContext): Leaks {
  const { db, journal, events, now } = context
  const comparer = createComparer(limits.leakThreads)
  const memory = createHashMemory(db)
  const faceReader = context.faces?.reader ?? null
  const matching = context.faces?.matching ?? null
  const remembered = (source: typeof facesOfCrossings) =>
    matching && createFaceMemory(matching, () => source(matching.model, context))
  const [faceMemory, photographMemory] = [
    remembered(facesOfCrossings),
    remembered(facesOfPhotographs),
  ]
  const parts: ExamineContext = {
    ...context,
    comparer,
    memory,
    faceMemory,
    photographMemory,
    faceReader,
  }
  const numbers = new Map<string, Promise<number>>()
  const known = createKnown(
    memory,
    [faceMemory, photographMemory].filter((one) => one !== null),
    now,
  )
  let atOnce = 0

  /** No number of a search is given twice, also when several files come at once. */
  function nextNumber(search: string): Promise<number> {
    const last = numbers.get(search) ?? lastLeakFile(db, search)
    const next = last.then((number) => number + 1)
    numbers.set(search, next)
    return next
  }

  async function running(search: string): Promise<LeakSearchRow | Problem> {
    const row = await leakSearchById(db, search)
    if (row === null || row.log_index === null)
      return problem('not_found', 'There is no such search.')
    if (row.state === 'ended')
      return problem('leak_search_over', 'This search has ended. Begin another one.')
    return row
  }

  async function look(search: string, file: FoundFile): Promise<FileFinding> {
    const number = await nextNumber(search)
    const { sha256, finding, logIndex } =
      'unread' in file
        ? unreadFile(file.unread)
        : await examine(file.bytes, parts, (captures) => compareEntry(search, number, captures))
    const { name } = file
    const { capture, copy } = finding
    const crossing =
      capture === null ? null : ((await captureById(db, capture))?.crossing.id ?? null)
    const party = copy === null ? null : await partyOf(db, copy)
    await insertLeakFile(db, {
      search,
      number,
      at: now(),
      name,
      sha256,
      verdict: finding.verdict,
      level: finding.level,
      capture,
      crossing,
      ...idsOf(copy),
      party,
      error_probability: finding.errorProbability,
      evidence: JSON.stringify(finding.evidence),
      log_index: logIndex,
    })
    events.publish('leaks', { search })
    return { number, name, sha256: sha256?.toString('hex') ?? null, finding, crossing, party }
  }

  return {
    async begin({ account, reference, sources }) {
      const [{ size, root }, captures] = [await known.hashes(), await countCaptures(db)]
      const [search, at, salt] = [newId(), now(), randomBytes(16)]
      await insertLeakSearch(db, {
        id: search,
        at,
        account,
        reference,
        sources: [...sources],
        state: 'running',
        ended_at: null,
        captures,
        captures_hashed: size,
        index_root: Buffer.from(root, 'hex'),
        self_test: null,
        commitment_salt: salt,
        log_index: null,
        end_log_index: null,
      })
      const index = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'leak_search',
        search,
        hashed: size,
        index_root: root,
        by: commit(salt, account),
      })
      await noteLeakSearchLogged(db, search, index)
      // Templates are opened only now that the log has the search.
      await noteFacesDescribed(db, search, await known.faces())
      events.publish('leaks', { search })
      return { kind: 'begun', search }
    },
    async examine(search, file) {
      const row = await running(search)
      if ('code' in row) return row
      if (atOnce >= limits.leakFilesAtOnceMax)
        return problem('busy', 'Too many files are being looked at. Send the next one shortly.')
      atOnce += 1
      try {
        await known.fresh()
        return await look(search, file)
      } finally {
        atOnce -= 1
      }
    },
    async selfTest(search, pictures) {
      const row = await running(search)
      if ('code' in row) return row
      await known.fresh()
      const result = await runSelfTest(pictures, parts, (captures) =>
        compareEntry(search, 0, captures),
      )
      await noteSelfTest(db, search, result)
      return result
    },
    async end(search) {
      const row = await running(search)
      if ('code' in row) return row
      const { files, ours, unsure } = await countLeakFiles(db, search)
      const at = now()
      const logIndex = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'leak_search_ended',
        search,
        files,
        ours,
        unsure,
        findings_sha256: await findingsHash(search),
      })
      await noteLeakSearchEnded(db, search, { at, logIndex })
      events.publish('leaks', { search })
      numbers.delete(search)
      if (numbers.size === 0) await known.forget()
      return { kind: 'ended' }
    },
    async statement(row) {
      const { files, ours, unsure } = await countLeakFiles(db, row.id)
      return searchStatement({
        files,
        ours,
        unsure,
        sources: row.sources,
        from: row.at,
        until: row.ended_at ?? now(),
        captures: row.captures,
        hashed: row.captures_hashed,
        faces: row.faces_described,
        indexRoot: row.index_root.toString('hex'),
        selfTest: row.self_test as readonly PlantedCopies[] | null,
      })
    },
    async close() {
      await comparer.close()
      await known.forget()
    },
  }

  function compareEntry(search: string, file: number, captures: readonly string[]) {
    const at = now().toISOString()
    return journal.append({ v: 1, at, kind: 'leak_comparison', search, file, captures })
  }

  /** Over one line a file: number, hash, verdict and capture, as `specs/leaks.md` says. */
  async function findingsHash(search: string): Promise<string> {
    const hash = createHash('sha256')
    for (let after = 0; ;) {
      const rows = await listLeakFiles(db, search, { after, limit: 1_000 })
      for (const { number, sha256, verdict, capture } of rows)
        hash.update(`${number} ${sha256?.toString('hex') ?? '-'} ${verdict} ${capture ?? '-'}\n`)
      const last = rows.at(-1)
      if (last === undefined) return hash.digest('hex')
      after = last.number
    }
  }
}

function unreadFile(reason: string) {
  return { sha256: null, finding: findingOf([{ kind: 'not_compared', reason }], 0), logIndex: null }
}

function idsOf(copy: Copy | null) {
  return {
    opening: copy?.kind === 'opening' ? copy.opening : null,
    release: copy?.kind === 'release' ? copy.release : null,
  }
}
