/** Releases through crashes and hands in the database: nothing half made leaves, nothing changed stays unseen. */

import { generateIdentity } from '@sallyport/proof/node/seal'
import { fsck } from '@sallyport/store/fsck'
import { filesOf } from '@sallyport/store/releases/files'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { drawnCar } from '../support/reader-client.ts'

type Body = Record<string, unknown>

/** Marking is work for a loaded machine. */
const timeout = 180_000
let hub: TestHub
let people: readonly Person[]
let capture: string
let to: string

beforeAll(async () => {
  hub = await startTestHub()
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle({ picture: await drawnCar() })
  expect((await deliver(hub, bytes)).status).toBe(201)
  capture = manifest.bodies.find(({ class: name }) => name === 'scene')?.id ?? ''
  people = [
    await hub.signIn(['supervisor'], { unit: 'operations' }),
    await hub.signIn(['privacy'], { unit: 'privacy office' }),
    await hub.signIn(['auditor'], { unit: 'inspection' }),
  ]
  const key = generateIdentity().recipient
  const asked = { party: 'district-court', name: 'District Court', contact: 'clerk', key }
  to = String((await json(send('/v1/recipients', asked)))['id'])
}, timeout)
afterAll(() => hub.remove())

function send(path: string, body: unknown = {}, by = 0): Promise<Response> {
  return people[by]!.request(path, { method: 'POST', body: JSON.stringify(body) })
}

async function json(answer: Promise<Response> | Response): Promise<Body> {
  return (await (await answer).json()) as Body
}

/** One that two have approved. */
async function approved(): Promise<string> {
  const asked = {
    recipient: to,
    purpose: 'court',
    basis: 'Order 7',
    expires_at: new Date(Date.now() + 86_400_000).toISOString(),
    captures: [capture],
    canaries: 0,
  }
  const id = String((await json(send('/v1/releases', asked)))['id'])
  for (const by of [1, 2])
    expect((await send(`/v1/releases/${id}/answer`, { approved: true }, by)).status).toBe(204)
  return id
}

async function stateOf(id: string): Promise<Body> {
  return json(people[0]!.request(`/v1/releases/${id}`))
}

async function settled(id: string): Promise<Body> {
  for (;;) {
    const view = await stateOf(id)
    if (view['state'] !== 'making') return view
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function make(id: string): Promise<Body> {
  expect((await send(`/v1/releases/${id}/making`)).status).toBe(202)
  return settled(id)
}

async function findings() {
  const { db, vault, journal } = hub.hub.parts
  return (await fsck({ db, vault, log: journal.tiles, vkey: journal.vkey })).findings
}

/** As a crash leaves it: back to being made, without what came last. */
async function backToMaking(id: string): Promise<void> {
  await sql`update releases set state = 'making', made_log_index = null where id = ${id}`.execute(
    hub.hub.parts.db,
  )
}

test(
  'a crash behind the log entry leaves it made; one before it leaves nothing to fetch',
  { timeout },
  async () => {
    const behind = await approved()
    const { made_log_index: index } = await make(behind)
    await backToMaking(behind)
    const before = await approved()
    await sql`update releases set state = 'making' where id = ${before}`.execute(hub.hub.parts.db)
    await hub.restart()
    expect(await stateOf(behind)).toMatchObject({ state: 'made', made_log_index: index })
    expect(await stateOf(before)).toMatchObject({ state: 'failed', code: 'interrupted' })
    expect(await filesOf(hub.hub.parts.db, before)).toEqual([])
    expect((await people[0]!.request(`/v1/releases/${before}/package`)).status).toBe(409)
    expect(await findings()).toEqual([])
  },
)

test(
  'a log that cannot be written opens nothing, and it can be made once it can',
  { timeout },
  async () => {
    const id = await approved()
    const { journal } = hub.hub.parts
    const append = journal.append.bind(journal)
    const opened: string[] = []
    Object.assign(journal, {
      append: async (entry: Parameters<typeof append>[0]) => {
        if (entry.kind === 'opening') opened.push(entry.opening)
        if (entry.kind === 'release_making') throw new Error('the disk is full')
        return append(entry)
      },
    })
    expect((await send(`/v1/releases/${id}/making`)).status).toBe(500)
    Object.assign(journal, { append })
    expect(opened).toEqual([])
    expect(await stateOf(id)).toMatchObject({ state: 'approved' })
    expect(await make(id)).toMatchObject({ state: 'made' })
  },
)

test('a key that is revoked while it is made gets nothing', { timeout }, async () => {
  const id = await approved()
  const { journal } = hub.hub.parts
  const append = journal.append.bind(journal)
  // Behind the entry that opens the picture, before the manifest.
  Object.assign(journal, {
    append: async (entry: Parameters<typeof append>[0]) => {
      const index = await append(entry)
      if (entry.kind === 'opening') {
        Object.assign(journal, { append })
        expect((await send(`/v1/recipients/${to}/revocation`, {}, 1)).status).toBe(204)
      }
      return index
    },
  })
  expect(await make(id)).toMatchObject({ state: 'failed', code: 'recipient_revoked' })
  expect(await filesOf(hub.hub.parts.db, id)).toEqual([])
})

test(
  'R20: what was asked for, who approved, a sealed file and a removed row are found when changed',
  { timeout },
  async () => {
    const { db } = hub.hub.parts
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
          const { vault, journal } = hub.hub.parts
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
    expect(await findings()).toMatchObject([{ code: 'logged_release_missing', subject: id }])
  },
)
