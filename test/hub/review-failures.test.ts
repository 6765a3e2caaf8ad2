/** Verdicts when the log is away, when the hub dies in the middle, and when somebody edits rows. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createReviews } from '../../packages/hub/src/reviews.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, openForReview, unsureReads, type Waiting } from '../support/review.ts'

let hub: TestHub
let device: TestDevice
let officer: Person

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  officer = await hub.signIn(['officer'])
})
afterAll(() => hub.remove())

const wait = () => crossWith(hub, device, unsureReads(['FAIL1', 'FAILI']))

async function statesOf({ crossing }: Waiting): Promise<readonly string[]> {
  const rows = await hub.hub.parts.db
    .selectFrom('verdict')
    .select('state')
    .where('crossing', '=', crossing)
    .orderBy('at')
    .execute()
  return rows.map(({ state }) => state)
}

async function shown({ crossing }: Waiting): Promise<{ text: string } | null> {
  const answer = await officer.request(`/v1/crossings/${crossing}`)
  return ((await answer.json()) as { verdict: { text: string } | null }).verdict
}

/** Gives a verdict through a hub whose log or effect fails. */
async function giveWith(
  item: Waiting,
  append: (before: typeof hub.hub.parts.journal.append) => typeof before,
) {
  const { parts } = hub.hub
  const { account } = (await (await officer.request('/v1/session')).json()) as {
    account: { id: string; name: string; roles: readonly 'officer'[] }
  }
  const opening = await openForReview(officer, item.plate)
  return createReviews({
    ...parts,
    journal: { ...parts.journal, append: append((entry) => parts.journal.append(entry)) },
    changed: () => undefined,
  }).give({
    crossing: item.crossing,
    account,
    statement: { kind: 'corrected', text: 'FAILI' as never },
    jurisdiction: null,
    opening,
    supersedes: null,
  })
}

const diskFull = () => () => Promise.reject(new Error('disk full'))
/** The entry is durable, and the hub dies before it can say so. */
const diesAfter = (append: typeof hub.hub.parts.journal.append) =>
  (async (entry) => {
    await append(entry)
    throw new Error('killed')
  }) as typeof append

describe('no log, no verdict', () => {
  test('nothing counts, and the same plate is decided on when the log is back', async () => {
    const item = await wait()
    expect(await giveWith(item, diskFull)).toMatchObject({ code: 'log_unavailable' })
    expect(await shown(item)).toBeNull()
    expect((await decide(officer, item, 'FAIL1')).status).toBe(201)
    expect(await statesOf(item)).toEqual(['failed', 'logged'])
    expect(await shown(item)).toMatchObject({ text: 'FAIL1' })
  })

  test('an entry that stands in the log after all counts: its giver finds it there', async () => {
    const item = await wait()
    expect(await giveWith(item, diesAfter)).toMatchObject({ code: 'log_unavailable' })
    const answer = await decide(officer, item, 'FAIL1')
    expect(await answer.json()).toMatchObject({
      code: 'verdict_conflict',
      detail: expect.stringMatching(/corrected it/),
    })
    expect(await shown(item)).toMatchObject({ text: 'FAILI' })
  })
})

test('what a crash left between row and log is settled at the next start, by what the log says', async () => {
  const [unlogged, logged] = [await wait(), await wait()]
  await giveWith(unlogged, diskFull)
  await giveWith(logged, diesAfter)
  expect(await statesOf(unlogged)).toEqual(['pending'])
  expect(await statesOf(logged)).toEqual(['pending'])
  await hub.restart()
  expect(await statesOf(unlogged)).toEqual(['failed'])
  expect(await statesOf(logged)).toEqual(['logged'])
  expect(await shown(unlogged)).toBeNull()
  expect(await shown(logged)).toMatchObject({ text: 'FAILI' })
  const { items } = (await (await officer.request('/v1/reviews?limit=100')).json()) as {
    items: { crossing: { id: string } }[]
  }
  const waiting = items.map(({ crossing }) => crossing.id)
  expect(waiting).toContain(unlogged.crossing)
  expect(waiting).not.toContain(logged.crossing)
})

describe('fsck', () => {
  const check = async (): Promise<readonly string[]> => {
    const { db, vault, journal } = hub.hub.parts
    const { findings } = await fsck({
      db,
      vault,
      log: folderTiles(path.join(hub.data, 'log')),
      vkey: journal.vkey,
    })
    return findings.map(({ code }) => code)
  }

  test('is content with verdicts, undone ones and failed ones', async () => {
    const item = await wait()
    const { verdict } = (await (await decide(officer, item, 'FAILI')).json()) as { verdict: string }
    await officer.request(`/v1/reviews/${item.crossing}/verdicts/${verdict}/withdrawal`, {
      method: 'POST',
    })
    expect(await check()).toEqual([])
  })

  test('finds a text that was changed, a giver that was changed, a verdict that was hidden or removed', async () => {
    const { db } = hub.hub.parts
    const item = await wait()
    const { verdict } = (await (await decide(officer, item, 'FAILI')).json()) as { verdict: string }
    const row = await db
      .selectFrom('verdict')
      .selectAll()
      .where('id', '=', verdict)
      .executeTakeFirstOrThrow()
    const change = (set: Record<string, unknown>) =>
      db.updateTable('verdict').set(set).where('id', '=', verdict).execute()
    await change({ jurisdiction: 'us-tx' })
    expect(await check()).toEqual(['verdict_differs'])
    await change({ jurisdiction: null, kind: 'confirmed' })
    expect(await check()).toEqual(['verdict_differs'])
    await change({ kind: row.kind })
    const show = (shownVerdict: string | null) =>
      db
        .updateTable('crossing')
        .set({ verdict: shownVerdict })
        .where('id', '=', item.crossing)
        .execute()
    await show(null)
    expect(await check()).toEqual(['verdict_differs'])
    await show(verdict)
    expect(await check()).toEqual([])
    await db.deleteFrom('verdict').where('id', '=', verdict).execute()
    expect((await check()).toSorted()).toEqual(['logged_verdict_missing', 'verdict_differs'])
  })
})
