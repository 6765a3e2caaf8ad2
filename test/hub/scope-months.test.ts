/** Closed months beside the rows: put aside under the log, made again when the log says so, and no other time. */

import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { parseEntry } from '@sallyport/proof/entry'
import { loadEngine } from '@sallyport/store/incidents/months/engine'
import { hashOfFiles } from '@sallyport/store/incidents/months/files'
import { exportedMonths, type MonthRow } from '@sallyport/store/incidents/months/months'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { choose, hours } from '../support/retention.ts'
import { crossWith, decide, unsureReads, type Waiting } from '../support/review.ts'
import { expectAgreement } from '../support/sound.ts'
import { post } from '../support/watch.ts'

/** An optional dependency: the lock has it for Linux on x64. */
const duckdb = await loadEngine()
const dayMs = 86_400_000
let hub: TestHub
let device: TestDevice
let responder: Person
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)
const begin = new Date(Date.now() - dayMs)
let sure: Waiting
let unsure: Waiting

describe.skipIf(duckdb === null)('two engines (skipped where DuckDB is not installed)', () => {
  beforeAll(async () => {
    hub = await startTestHub({ now })
    device = await enrolTestDevice(hub, 'in-1')
    const auditor = await hub.signIn(['auditor'])
    sure = await crossWith(hub, device, readsOf('ABC123'))
    unsure = await crossWith(hub, device, unsureReads(['DUN88', 'DVN88']))
    for (const { scene } of [sure, unsure]) {
      const answer = await auditor.request(
        `/v1/captures/${scene}/openings`,
        post({ purpose: 'audit' }),
      )
      expect(answer.status, await answer.clone().text()).toBe(201)
    }
    aheadMs = 70 * dayMs
    responder = await hub.signIn(['responder'])
  })
  afterAll(() => hub.remove())

  type Recount = {
    readonly agrees: boolean
    readonly difference: { figure: string; first: string; second: string } | null
    readonly moved: { figure: string } | null
    readonly months: readonly string[]
    readonly log_index: number
  }

  async function stated(): Promise<string> {
    const answer = await responder.request(
      '/v1/scopes',
      post({
        suspicions: [{ kind: 'window' }, { kind: 'lane', lane: 'in-1' }],
        from: begin.toISOString(),
        to: new Date(now().getTime() + dayMs).toISOString(),
        why: 'a test',
      }),
    )
    expect(answer.status, await answer.clone().text()).toBe(201)
    return ((await answer.json()) as { scope: string }).scope
  }

  async function recount(scope: string): Promise<Recount> {
    const answer = await responder.request(`/v1/scopes/${scope}/recount`, { method: 'POST' })
    expect(answer.status, await answer.clone().text()).toBe(200)
    return (await answer.json()) as Recount
  }

  async function monthOfCrossings(): Promise<MonthRow> {
    const month = (await exportedMonths(hub.hub.parts.db)).find(({ files }) =>
      files.some(({ name, rows }) => name === 'captures' && rows > 0),
    )
    if (month === undefined) throw new Error('no month with captures was put aside')
    return month
  }

  async function entryAt(index: number | null) {
    const receipt = await hub.hub.parts.journal.receipt(index ?? -1)
    const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
    return parsed.kind === 'entry' ? parsed.entry : null
  }

  test('a scope is counted again over the month that is over, whose hashes the log has', async () => {
    const scope = await stated()
    const done = await recount(scope)
    expect(done).toMatchObject({ agrees: true, difference: null, moved: null })
    const month = await monthOfCrossings()
    expect(done.months).toContain(month.month)
    expect(await entryAt(month.log_index)).toMatchObject({
      kind: 'scope_month_exported',
      export: month.id,
      files: hashOfFiles(month.files),
    })
    expect(await entryAt(done.log_index)).toMatchObject({
      kind: 'scope_recounted',
      outcome: 'agrees',
    })
    // Only exports that a row names are kept: neither drafts nor what was read beside them.
    const kept = (await exportedMonths(hub.hub.parts.db)).map(({ id }) => id)
    expect(readdirSync(path.join(hub.data, 'months')).toSorted()).toEqual(kept.toSorted())
    await recount(scope)
    expect((await monthOfCrossings()).id).toBe(month.id)
  })

  test('a verdict of later makes the month again, and what was stated is said to have moved', async () => {
    const before = await monthOfCrossings()
    const scope = await stated()
    const verdict = await decide(await hub.signIn(['supervisor']), unsure, 'NEW001')
    expect(verdict.status, await verdict.clone().text()).toBe(201)
    const done = await recount(scope)
    expect(done).toMatchObject({ agrees: true, moved: { figure: 'total.plates.low' } })
    expect((await monthOfCrossings()).id).not.toBe(before.id)
  })

  test('a row that was changed with no entry in the log is found, and the month is not made again', async () => {
    const { db } = hub.hub.parts
    const before = await monthOfCrossings()
    const scope = await stated()
    const hide = (outcome: string) =>
      sql`update opening set outcome = ${outcome} where capture = ${sure.scene}`.execute(db)
    await hide('refused')
    const done = await recount(scope)
    await hide('opened')
    expect(done).toMatchObject({
      agrees: false,
      difference: { figure: 'grades.released_in_clear.pictures', first: '2', second: '3' },
    })
    expect(await entryAt(done.log_index)).toMatchObject({ outcome: 'differs' })
    expect((await monthOfCrossings()).id).toBe(before.id)
    expect(await recount(scope)).toMatchObject({ agrees: true })
  })

  test('what is shredded goes from the files at once, and both engines go on agreeing', async () => {
    const privacy = await hub.signIn(['privacy'])
    await choose(privacy, hours({ reads: 5, scene: 5 }))
    const before = await monthOfCrossings()
    const run = await privacy.request('/v1/retention/runs', { method: 'POST' })
    expect(run.status).toBe(200)
    await hub.hub.parts.months.forgetOutdated()
    expect(readdirSync(path.join(hub.data, 'months'))).not.toContain(before.id)
    const done = await recount(await stated())
    expect(done).toMatchObject({ agrees: true, moved: null })
  })

  test('rows, files and log agree; a listing of files that was changed is a finding', async () => {
    await expectAgreement(hub.data, hub.database, 'months')
    const { db } = hub.hub.parts
    const { id, files } = await monthOfCrossings()
    const list = (changed: typeof files) =>
      db
        .updateTable('scope_month')
        .set({ files: JSON.stringify(changed) })
        .where('id', '=', id)
        .execute()
    await list(files.map((file) => ({ ...file, rows: file.rows + 1 })))
    await expect(expectAgreement(hub.data, hub.database, 'a changed list')).rejects.toThrow(
      'row_differs',
    )
    await list(files)
  })

  test('a month whose folder a restore did not bring is made again, and the log shows that it was', async () => {
    const before = await monthOfCrossings()
    rmSync(path.join(hub.data, 'months', before.id), { recursive: true })
    expect(await recount(await stated())).toMatchObject({ agrees: true })
    const after = await monthOfCrossings()
    expect(after.id).not.toBe(before.id)
    expect(await entryAt(before.log_index)).toMatchObject({ export: before.id, month: after.month })
  })

  test('a file that was changed on the disk is found before it is counted', async () => {
    const month = await monthOfCrossings()
    writeFileSync(path.join(hub.data, 'months', month.id, 'openings.parquet'), 'nothing')
    const done = await recount(await stated())
    expect(done).toMatchObject({
      agrees: false,
      difference: { figure: `files.${month.month}.openings` },
    })
  })
})

test('the second engine is here where the lock has it', () => {
  const isThere = duckdb !== null || process.platform !== 'linux' || process.arch !== 'x64'
  expect(isThere).toBe(true)
})
