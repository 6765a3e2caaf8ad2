/**
 * Making a release: each picture is opened in memory, marked for its recipient and sealed to its key,
 * one after another; then the manifest is signed and logged. No byte leaves before that entry.
 */

import { createHash } from 'node:crypto'

import { sign } from '@sallyport/proof/node/ed25519'
import { encodeRelease, signRelease } from '@sallyport/proof/release'
import { filesOf, forgetFiles } from '@sallyport/store/releases/files'
import { recipientById } from '@sallyport/store/releases/recipients'
import {
  moveRelease,
  noteDecisionLogged,
  releaseById,
  type ReleaseRow,
  releasesIn,
} from '@sallyport/store/releases/releases'
import { firstLogIndexFor } from '@sallyport/store/unlogged'

import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import type { ReleaseContext } from './context.ts'
import {
  type Actor,
  holds,
  type Judged,
  judge,
  missingCapture,
  refuseStep,
  requestFor,
  writeDecision,
} from './decide.ts'
import {
  addPicture,
  addRecords,
  nameOf,
  NotMade,
  pictureOf,
  planCopies,
  fileName,
} from './release-files.ts'

export type ReleaseMaker = {
  /** Starts making one; answers when its beginning stands in the log. */
  make(id: string, actor: Actor): Promise<{ readonly kind: 'making' } | Problem>
  /** Ends what an earlier start left half made. Call once before serving. */
  recover(): Promise<void>
  /** Ends the one under way and waits for it. */
  stop(): Promise<void>
}

export function createReleaseMaker(context: ReleaseContext): ReleaseMaker {
  const { db, journal, now, report } = context
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let starting = false

  async function begin(id: string, actor: Actor): Promise<{ readonly kind: 'making' } | Problem> {
    const release = await releaseById(db, id)
    if (release === null) return problem('not_found', 'There is no such release.')
    const request = await requestFor('make_release', release, actor, context)
    const judged = await judge(request, context, now())
    const { refusal } = judged
    if (refusal !== null)
      return refuseStep('make_release', id, actor, { ...judged, refusal }, context)
    const missing = await missingCapture(id, context)
    if (missing !== null)
      return problem('picture_shredded', `${missing} Ask for a new release without it.`)
    if (!(await moveRelease(db, id, 'approved', { state: 'making' })))
      return problem('release_not_waiting', 'Somebody else began to make it meanwhile.')
    try {
      const said = await writeDecision('making', id, actor, judged, context)
      if (said === null) throw new Error('making is decided as often as it is begun')
      const index = await journal.append({ ...said.entry, kind: 'release_making' })
      await noteDecisionLogged(db, said.id, index)
    } catch (error) {
      await moveRelease(db, id, 'making', { state: 'approved' })
      throw error
    }
    running = run(release, actor, judged)
      .catch((error: unknown) => fail(id, error))
      .catch((error: unknown) => report(`release: ${reportWords(error)}`))
      .finally(() => (running = null))
    return { kind: 'making' }
  }

  async function run(release: ReleaseRow, actor: Actor, judged: Judged): Promise<void> {
    const { id } = release
    const recipient = await recipientById(db, release.recipient)
    if (recipient === null) throw new Error('a release has a recipient')
    const copies = await planCopies(release, context)
    const lines: string[] = []
    for (const [at, copy] of copies.entries()) {
      if (ending.signal.aborted) throw new NotMade('interrupted')
      const number = at + 1
      const picture = await pictureOf(copy, actor, judged, context)
      await addPicture(id, number, copy, picture, recipient.recipient, context)
      lines.push(JSON.stringify({ file: `${nameOf(number)}.jpg`, ...copy.line }))
    }
    await addRecords(id, lines, recipient.recipient, context)
    const current = await recipientById(db, release.recipient)
    // A key that was revoked while it was made gets nothing.
    if (current === null || !holds(current)) throw new NotMade('recipient_revoked')
    await finish(release, recipient.recipient)
  }

  /** The manifest into its row, the entry into the log, and only then the state that lets files leave. */
  async function finish(release: ReleaseRow, recipient: string): Promise<void> {
    const { id } = release
    const [madeAt, files] = [now(), await filesOf(db, id)]
    const { agency } = context.keys
    const manifest = encodeRelease({
      version: 1,
      agency_key: Buffer.from(agency.publicKey).toString('hex'),
      release: id,
      recipient,
      purpose: release.purpose,
      made_at: madeAt.toISOString(),
      expires_at: release.expires_at.toISOString(),
      files: files.map(({ number, bytes, sha256 }) => ({
        name: fileName(number),
        bytes,
        sha256: sha256.toString('hex'),
      })),
    })
    const hash = createHash('sha256').update(manifest).digest()
    const signature = signRelease(agency.seed, manifest, sign)
    await moveRelease(db, id, 'making', {
      state: 'making',
      made_at: madeAt,
      manifest,
      manifest_sha256: hash,
      manifest_signature: signature,
    })
    const index = await journal.append({
      v: 1,
      at: madeAt.toISOString(),
      kind: 'release_made',
      release: id,
      manifest_sha256: hash.toString('hex'),
      files: files.length,
    })
    await moveRelease(db, id, 'making', { state: 'made', made_log_index: index })
  }

  async function fail(id: string, error: unknown): Promise<void> {
    const code = error instanceof NotMade ? error.code : 'internal'
    if (!(error instanceof NotMade)) report(`release: ${reportWords(error)}`)
    // The hub stops: the next start ends it, with the log in order.
    if (code === 'interrupted') return
    await end(id, code)
  }

  async function end(id: string, code: string): Promise<void> {
    const at = now().toISOString()
    await journal.append({ v: 1, at, kind: 'release_failed', release: id, code })
    await forgetFiles(db, id)
    const none = { made_at: null, manifest: null, manifest_sha256: null, manifest_signature: null }
    await moveRelease(db, id, 'making', { state: 'failed', code, ...none })
  }

  return {
    async make(id, actor) {
      if (starting || running !== null)
        return problem('busy', 'Another release is being made. Wait for its end.')
      starting = true
      try {
        return await begin(id, actor)
      } finally {
        starting = false
      }
    },
    async recover() {
      await journal.settle()
      for (const { id, requested_at: at } of await releasesIn(db, ['making'])) {
        const index = await journal.find(
          (entry) => entry.kind === 'release_made' && entry.release === id,
          await firstLogIndexFor(db, at),
        )
        if (index === null) await end(id, 'interrupted')
        else await moveRelease(db, id, 'making', { state: 'made', made_log_index: index })
      }
    },
    async stop() {
      ending.abort()
      await running
    },
  }
}
