/** Releases through crashes and hands in the database: nothing half made leaves, nothing changed stays unseen. */

import { fsck } from '@sallyport/store/fsck'
import { filesOf } from '@sallyport/store/releases/files'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { send } from '../support/grant-hub.ts'
import { startReleaseHub } from '../support/release-hub.ts'

/** Marking is work for a loaded machine. */
const timeout = 180_000
let at: Awaited<ReturnType<typeof startReleaseHub>>
let capture: string
let to: string

beforeAll(async () => {
  at = await startReleaseHub()
  capture = await at.capture()
  to = await at.recipient()
}, timeout)
afterAll(() => at.hub.remove())

/** One that two have approved. */
function approved(): Promise<string> {
  return at.release({ recipient: to, captures: [capture], canaries: 0 })
}

/** As a crash leaves it: back to being made, without what came last. */
async function backToMaking(id: string): Promise<void> {
  await sql`update releases set state = 'making', made_log_index = null where id = ${id}`.execute(
    at.hub.hub.parts.db,
  )
}

test(
  'a crash behind the log entry leaves it made; one before it leaves nothing to fetch',
  { timeout },
  async () => {
    const behind = await approved()
    const { made_log_index: index } = await at.make(behind)
    await backToMaking(behind)
    const before = await approved()
    await sql`update releases set state = 'making' where id = ${before}`.execute(
      at.hub.hub.parts.db,
    )
    await at.hub.restart()
    expect(await at.view(behind)).toMatchObject({ state: 'made', made_log_index: index })
    expect(await at.view(before)).toMatchObject({ state: 'failed', code: 'interrupted' })
    expect(await filesOf(at.hub.hub.parts.db, before)).toEqual([])
    expect((await at.requester.request(`/v1/releases/${before}/package`)).status).toBe(409)
    expect(await at.findings()).toEqual([])
  },
)

test(
  'a log that cannot be written opens nothing, and it can be made once it can',
  { timeout },
  async () => {
    const id = await approved()
    const { journal } = at.hub.hub.parts
    const append = journal.append.bind(journal)
    const opened: string[] = []
    Object.assign(journal, {
      append: async (entry: Parameters<typeof append>[0]) => {
        if (entry.kind === 'opening') opened.push(entry.opening)
        if (entry.kind === 'release_making') throw new Error('the disk is full')
        return append(entry)
      },
    })
    expect((await send(at.requester, `/v1/releases/${id}/making`)).status).toBe(500)
    Object.assign(journal, { append })
    expect(opened).toEqual([])
    expect(await at.view(id)).toMatchObject({ state: 'approved' })
    expect(await at.make(id)).toMatchObject({ state: 'made' })
  },
)

test('a key that is revoked while it is made gets nothing', { timeout }, async () => {
  const id = await approved()
  const { journal } = at.hub.hub.parts
  const append = journal.append.bind(journal)
  // Behind the entry that opens the picture, before the manifest.
  Object.assign(journal, {
    append: async (entry: Parameters<typeof append>[0]) => {
      const index = await append(entry)
      if (entry.kind === 'opening') {
        Object.assign(journal, { append })
        expect((await send(at.privacy, `/v1/recipients/${to}/revocation`)).status).toBe(204)
      }
      return index
    },
  })
  expect(await at.make(id)).toMatchObject({ state: 'failed', code: 'recipient_revoked' })
  expect(await filesOf(at.hub.hub.parts.db, id)).toEqual([])
})

test(
  'R20: what was asked for, who approved, a sealed file and a removed row are found when changed',
  { timeout },
  async () => {
    const { db } = at.hub.hub.parts
    const [first] = await db
      .selectFrom('releases')
      .select('id')
      .where('state', '=', 'made')
      .execute()
    const id = first?.id ?? ''
    for (const change of [
      sql`update releases set basis = 'Order 8' where id = ${id}`,
      sql`update release_decisions set account = (select requested_by from releases where id = ${id})
      where id = (select id from release_decisions where release = ${id} and says = 'approved' limit 1)`,
      sql`update release_bodies set body = body || '\\x00'::bytea where release = ${id} and number = 1`,
    ]) {
      await db
        .transaction()
        .execute(async (transaction) => {
          await change.execute(transaction)
          const { vault, journal } = at.hub.hub.parts
          const report = await fsck({
            db: transaction,
            vault,
            log: journal.tiles,
            vkey: journal.vkey,
          })
          expect(report.findings).toMatchObject([{ code: 'release_differs', subject: id }])
          throw new Error('undone')
        })
        .catch((error: unknown) => {
          if (!(error instanceof Error) || error.message !== 'undone') throw error
        })
    }
    for (const table of [
      'release_bodies',
      'release_files',
      'release_captures',
      'release_decisions',
    ])
      await sql`delete from ${sql.table(table)} where release = ${id}`.execute(db)
    await sql`delete from releases where id = ${id}`.execute(db)
    expect(await at.findings()).toMatchObject([{ code: 'logged_release_missing', subject: id }])
  },
)
