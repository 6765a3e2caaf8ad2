/** Shredding: what is due goes for good, what is not stays, and a hold stops it. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { parseEntry } from '@sallyport/proof/entry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { deliver } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import {
  askHold,
  choose,
  heldBy,
  hourMs,
  hours,
  planned,
  tryOpening,
} from '../support/retention.ts'
import { post } from '../support/watch.ts'

let hub: TestHub
let device: TestDevice
let privacy: Person
let auditor: Person
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)
const inHours = (count: number) => new Date(now().getTime() + count * hourMs)

beforeAll(async () => {
  hub = await startTestHub({ now })
  device = await enrolTestDevice(hub, 'in-1')
  privacy = await hub.signIn(['privacy'])
  auditor = await hub.signIn(['auditor'])
})
afterAll(() => hub.remove())

type Pictures = { readonly crossing: string; readonly scene: string; readonly plate: string }

async function cross(): Promise<Pictures> {
  const { bytes, manifest } = device.bundle()
  const answer = await deliver(hub, bytes)
  expect(answer.status).toBe(201)
  const idOf = (name: string) => manifest.bodies.find((one) => one.class === name)?.id ?? ''
  return { crossing: manifest.crossing, scene: idOf('scene'), plate: idOf('plate') }
}

async function later(count: number): Promise<void> {
  aheadMs += count * hourMs
  // Sessions last twelve hours.
  privacy = await hub.signIn(['privacy'])
  auditor = await hub.signIn(['auditor'])
}

async function run(): Promise<number> {
  const answer = await privacy.request('/v1/retention/runs', { method: 'POST' })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { shreddings: number }).shreddings
}

type Listed = {
  readonly class: string
  readonly bodies: number
  readonly state: string
  readonly log_index: number
  readonly effective_log_index: number
  readonly requested_at: string
  readonly effective_at: string
}

async function shreddings(): Promise<readonly Listed[]> {
  const answer = await auditor.request('/v1/retention/shreddings')
  return ((await answer.json()) as { shreddings: readonly Listed[] }).shreddings
}

async function entryAt(index: number) {
  const receipt = await hub.hub.parts.journal.receipt(index)
  const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.entry
}

test('where nobody chose a policy nothing is ever due', async () => {
  const { scene } = await cross()
  await later(24)
  expect(await run()).toBe(0)
  expect(await tryOpening(auditor, scene)).toBe('opened')
  const plan = await privacy.request('/v1/retention/plans', post({}))
  expect(await plan.json()).toMatchObject({ code: 'no_policy' })
})

test('a policy that would shred more than its dry run showed is not put in force', async () => {
  const policy = hours({ scene: 1 })
  const { due_now } = await planned(privacy, { policy })
  expect(due_now).toBeGreaterThan(0)
  const refused = await privacy.request(
    '/v1/retention/policies',
    post({ policy, accepts_due: due_now - 1 }),
  )
  expect(await refused.json()).toMatchObject({ code: 'retention_preview_differs', due: due_now })
})

test('a pack is chosen by name, stands in the log by its hash, and every version stays', async () => {
  await choose(privacy, 'us-2018-tvs')
  await choose(privacy, hours({ scene: 1000 }))
  const answer = await auditor.request('/v1/retention/policies')
  const { policies } = (await answer.json()) as {
    policies: { pack: string | null; sha256: string; log_index: number }[]
  }
  expect(policies.map(({ pack }) => pack)).toEqual([null, 'us-2018-tvs'])
  const [newest] = policies
  expect(await entryAt(newest?.log_index ?? -1)).toMatchObject({
    kind: 'retention_policy',
    policy_sha256: newest?.sha256,
  })
})

describe('by picture', () => {
  test('of two pictures under one key the one that is due goes, the other opens', async () => {
    const due = await cross()
    await later(2)
    const kept = await cross()
    await choose(privacy, hours({ scene: 5 }))
    await later(4)
    const { due: classes, days } = await planned(privacy)
    expect(classes.map((one) => one.class)).toEqual(['scene'])
    expect(days.filter((one) => one.class === 'scene')).toMatchObject([{ bodies: 1 }])

    expect(await run()).toBeGreaterThan(0)
    expect(await tryOpening(auditor, due.scene)).toBe('410 picture_shredded')
    expect(await tryOpening(auditor, due.plate)).toBe('opened')
    expect(await tryOpening(auditor, kept.scene)).toBe('opened')

    const [newest] = await shreddings()
    expect(newest).toMatchObject({ class: 'scene', state: 'effective' })
    expect(newest?.effective_at ?? '').not.toBe('')
    const asked = await entryAt(newest?.log_index ?? -1)
    expect(asked).toMatchObject({ kind: 'shred_requested', class: 'scene', bodies: newest?.bodies })
    expect(JSON.stringify(asked)).not.toContain(due.crossing)
    expect(JSON.stringify(asked)).not.toContain(due.scene)
    expect((await entryAt(newest?.effective_log_index ?? -1)).kind).toBe('shred_effective')
    expect(newest?.effective_log_index).toBeGreaterThan(newest?.log_index ?? 0)

    await later(2)
    expect(await run()).toBe(1)
    expect(await tryOpening(auditor, kept.scene)).toBe('410 picture_shredded')
    expect(await run()).toBe(0)
  })

  test('what comes in under a key that is being replaced is kept', async () => {
    const due = await cross()
    await later(6)
    const [, arrived] = await Promise.all([run(), cross(), cross()])
    expect(await tryOpening(auditor, due.scene)).toBe('410 picture_shredded')
    expect(await tryOpening(auditor, arrived.scene)).toBe('opened')
    expect(await tryOpening(auditor, arrived.plate)).toBe('opened')
  })
})

describe('holds', () => {
  test('nothing in its scope is shredded from the approval on, and all of it after the lifting', async () => {
    const held = await cross()
    const other = await cross()
    await later(1)
    const hold = await heldBy(
      privacy,
      auditor,
      { kind: 'crossing', crossing: held.crossing },
      inHours(48),
    )
    await later(6)
    expect(await planned(privacy)).toMatchObject({ due: [{ class: 'scene', held: 1 }] })
    await run()
    expect(await tryOpening(auditor, held.scene)).toBe('opened')
    expect(await tryOpening(auditor, other.scene)).toBe('410 picture_shredded')
    const lifted = await auditor.request(`/v1/holds/${hold}/lifting`, post({ reason: 'Closed' }))
    expect(await lifted.json()).toMatchObject({ state: 'lifted', lifted_reason: 'Closed' })
    await run()
    expect(await tryOpening(auditor, held.scene)).toBe('410 picture_shredded')
  })

  test('a hold that expires holds no longer', async () => {
    const held = await cross()
    await heldBy(privacy, auditor, { kind: 'plate', plate: 'TEST123' }, inHours(10))
    await later(8)
    await run()
    expect(await tryOpening(auditor, held.scene)).toBe('opened')
    await later(3)
    await run()
    expect(await tryOpening(auditor, held.scene)).toBe('410 picture_shredded')
    const { holds } = (await (await auditor.request('/v1/holds')).json()) as {
      holds: { state: string; scope: { plate: string | null } }[]
    }
    expect(holds.find(({ state }) => state === 'expired')?.scope.plate).toBeNull()
  })

  test('who asks does not approve, and a request alone holds nothing', async () => {
    const one = await cross()
    const both = await hub.signIn(['privacy', 'auditor'])
    const asked = (await (await askHold(both, { kind: 'port' }, inHours(24))).json()) as {
      id: string
      state: string
    }
    expect(asked.state).toBe('requested')
    const own = await both.request(`/v1/holds/${asked.id}/approval`, { method: 'POST' })
    expect(await own.json()).toMatchObject({ code: 'hold_own_request', status: 403 })
    await later(6)
    await run()
    expect(await tryOpening(auditor, one.scene)).toBe('410 picture_shredded')
  })

  test.each<[string, Record<string, unknown>, number, string]>([
    ['that ends before it begins', { kind: 'port' }, -1, 'hold_not_taken'],
    ['for longer than a year', { kind: 'port' }, 24 * 400, 'hold_not_taken'],
    [
      'over days in the wrong order',
      { kind: 'lane', lane: 'in-1', from_day: '2026-02-02', to_day: '2026-02-01' },
      24,
      'hold_not_taken',
    ],
    ['of a plate that is none', { kind: 'plate', plate: 'AB%' }, 24, 'malformed_request'],
    ['of something else', { kind: 'everything' }, 24, 'malformed_request'],
  ])('a hold %s is refused', async (_hazard, scope, expires, code) => {
    const answer = await askHold(privacy, scope, inHours(expires))
    expect(await answer.json()).toMatchObject({ code })
  })

  test('an officer neither asks nor reads', async () => {
    const officer = await hub.signIn(['officer'])
    expect((await askHold(officer, { kind: 'port' }, inHours(24))).status).toBe(403)
    expect((await officer.request('/v1/holds')).status).toBe(403)
    expect((await officer.request('/v1/retention/runs', { method: 'POST' })).status).toBe(403)
  })
})

test('the log in clear and the data directory name nothing that was shredded', async () => {
  const { crossing, scene } = await cross()
  await later(6)
  await run()
  for (const found of readdirSync(hub.data, { recursive: true, withFileTypes: true }))
    if (found.isFile()) {
      const bytes = readFileSync(path.join(found.parentPath, found.name))
      expect(bytes.includes('TEST123'), found.name).toBe(false)
    }
  expect(await tryOpening(auditor, scene)).toBe('410 picture_shredded')
  expect(crossing).not.toBe('')
})
