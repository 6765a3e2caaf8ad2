/** Opening a picture: decided, logged, and only then unsealed (DESIGN invariant 3). */

import { open } from 'node:fs/promises'
import path from 'node:path'

import { openingLimits, type Purpose, purposes, purposesFor, roles } from '@sallyport/core/opening'
import { openCapture } from '@sallyport/hub/openings'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
let offsetMs = 0
const picture = drawnJpeg(5000)

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + offsetMs) })
  device = await enrolTestDevice(hub, 'in-1')
  await enrolTestDevice(hub, 'in-2')
})
afterAll(() => hub.remove())
beforeEach(() => {
  offsetMs = 0
})

type Ids = Readonly<Record<'scene' | 'plate' | 'reads', string>>

/** Delivers a crossing and returns the ids of its bodies by class. */
async function cross(): Promise<Ids> {
  const { bytes, manifest } = device.bundle({ picture })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return Object.fromEntries(manifest.bodies.map(({ class: name, id }) => [name, id])) as Ids
}

function ask(person: Person, capture: string, purpose: Purpose): Promise<Response> {
  return person.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose }),
  })
}

async function entryAt(index: number): Promise<Record<string, unknown>> {
  const receipt = await hub.hub.parts.journal.receipt(index)
  return JSON.parse(Buffer.from(receipt?.entry ?? []).toString('utf8')) as Record<string, unknown>
}

describe('who may open for what', () => {
  test.each(roles)('%s', async (role) => {
    const person = await hub.signIn([role])
    const { scene } = await cross()
    if (role === 'officer') {
      await person.request('/v1/shift', { method: 'PUT', body: '{"lane":"in-1"}' })
    }
    for (const purpose of purposes) {
      const before = hub.hub.parts.journal.size()
      const answer = await ask(person, scene, purpose)
      const body = (await answer.json()) as Record<string, unknown>
      // This plate was read surely: nobody has a review to open it for.
      const allowed = purposesFor([role]).includes(purpose) && purpose !== 'review'
      expect(answer.status, `${role} ${purpose}`).toBe(allowed ? 201 : 403)
      expect('picture' in body).toBe(allowed)
      // Both stand in the log, under the index that the answer names.
      expect(body['log_index']).toBe(before)
      expect(await entryAt(before)).toMatchObject({
        kind: allowed ? 'opening' : 'opening_refused',
        purpose,
        capture: scene,
      })
    }
  })
})

describe('inspection at the window', () => {
  async function officerAt(lane: string): Promise<Person> {
    const officer = await hub.signIn(['officer'])
    await officer.request('/v1/shift', { method: 'PUT', body: JSON.stringify({ lane }) })
    return officer
  }
  async function expectRefused(answer: Response, code: string): Promise<void> {
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code })
  }

  test('needs a shift', async () => {
    const officer = await hub.signIn(['officer'])
    await expectRefused(await ask(officer, (await cross()).scene, 'inspection'), 'no_shift')
  })

  test('is for one’s own lane', async () => {
    const officer = await officerAt('in-2')
    await expectRefused(await ask(officer, (await cross()).scene, 'inspection'), 'other_lane')
  })

  test('is for what crossed within the hour', async () => {
    const { scene } = await cross()
    offsetMs = (openingLimits.inspectionMinutesMax + 1) * 60_000
    const officer = await officerAt('in-1')
    await expectRefused(await ask(officer, scene, 'inspection'), 'outside_shift')
  })

  test('ends with the shift, which ends by itself after twelve hours', async () => {
    const officer = await officerAt('in-1')
    offsetMs = (openingLimits.shiftHoursMax - 0.5) * 3_600_000
    const { scene } = await cross()
    expect((await ask(officer, scene, 'inspection')).status).toBe(201)
    await officer.request('/v1/shift', { method: 'DELETE' })
    await expectRefused(await ask(officer, scene, 'inspection'), 'no_shift')
  })
})

test('the reads are no picture: to the outside there is no such capture', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  const before = hub.hub.parts.journal.size()
  const { reads } = await cross()
  expect((await ask(supervisor, reads, 'investigation')).status).toBe(404)
  expect((await ask(supervisor, 'f'.repeat(32), 'investigation')).status).toBe(404)
  expect(hub.hub.parts.journal.size()).toBe(before + 1)
})

test('R11: no log, no picture: when the entry cannot be written nothing is unsealed', async () => {
  const { scene } = await cross()
  const { parts } = hub.hub
  const supervisor = await hub.signIn(['supervisor'])
  const session = (await (await supervisor.request('/v1/session')).json()) as {
    account: { id: string; roles: readonly 'supervisor'[] }
  }
  let unsealed = 0
  const context = {
    ...parts,
    journal: { ...parts.journal, append: () => Promise.reject(new Error('disk full')) },
    vault: {
      ...parts.vault,
      read: (...where: Parameters<typeof parts.vault.read>) => {
        unsealed += 1
        return parts.vault.read(...where)
      },
    },
  }
  const answer = await openCapture(
    {
      capture: scene,
      account: session.account,
      purpose: 'investigation',
      note: null,
      view: null,
      grant: null,
    },
    context,
  )
  expect(answer).toMatchObject({ kind: 'problem', code: 'log_unavailable' })
  expect(unsealed).toBe(0)
  // That it was tried is kept, as failed.
  const auditor = await hub.signIn(['auditor'])
  const { openings } = (await (await auditor.request('/v1/openings')).json()) as {
    openings: Record<string, unknown>[]
  }
  expect(openings.filter(({ capture }) => capture === scene)).toMatchObject([
    { outcome: 'failed', code: 'log_unavailable', log_index: null },
  ])
})

test('a sealed body that was damaged is not shown; the attempt stands in the log', async () => {
  const { scene } = await cross()
  const { db } = hub.hub.parts
  const place = await db
    .selectFrom('capture')
    .select(['segment', 'position'])
    .where('id', '=', scene)
    .executeTakeFirstOrThrow()
  const name = `segment-${String(place.segment).padStart(6, '0')}.seg`
  const file = await open(path.join(hub.data, 'vault', name), 'r+')
  await file.write(Buffer.from([0xee, 0xee, 0xee]), 0, 3, Number(place.position) + 100)
  await file.close()
  const before = hub.hub.parts.journal.size()
  const answer = await ask(await hub.signIn(['responder']), scene, 'incident')
  expect(answer.status).toBe(422)
  const body = (await answer.json()) as Record<string, unknown>
  expect(body).toMatchObject({
    code: 'picture_not_openable',
    detail: expect.stringMatching(/fsck/),
  })
  expect(body['log_index']).toBeGreaterThanOrEqual(before)
  expect(body).not.toHaveProperty('picture')
})

test('R28: the entry names nobody: who it was is a commitment under a salt that only the hub has', async () => {
  const { scene } = await cross()
  const auditor = await hub.signIn(['auditor'])
  const session = (await (await auditor.request('/v1/session')).json()) as {
    account: { id: string }
  }
  const first = (await (await ask(auditor, scene, 'audit')).json()) as { log_index: number }
  const second = (await (await ask(auditor, scene, 'audit')).json()) as { log_index: number }
  const entries = [await entryAt(first.log_index), await entryAt(second.log_index)]
  for (const entry of entries) {
    expect(JSON.stringify(entry)).not.toContain(session.account.id)
    expect(JSON.stringify(entry)).not.toMatch(/TEST123|auditor|in-1/)
  }
  // The same person twice: an outsider cannot tell.
  expect(entries[0]?.['by']).not.toBe(entries[1]?.['by'])
})

test('R28: a note is kept with the opening and is not in the public log', async () => {
  const { scene } = await cross()
  const auditor = await hub.signIn(['auditor'])
  const note = 'complaint 4711 of a traveller'
  const answer = await auditor.request(`/v1/captures/${scene}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'audit', note }),
  })
  const { log_index } = (await answer.json()) as { log_index: number }
  expect(JSON.stringify(await entryAt(log_index))).not.toContain('4711')
  const { openings } = (await (await auditor.request('/v1/openings')).json()) as {
    openings: { capture: string; note: string }[]
  }
  expect(openings.filter(({ capture }) => capture === scene)).toMatchObject([{ note }])
  const long = await auditor.request(`/v1/captures/${scene}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'audit', note: 'x'.repeat(501) }),
  })
  expect(long.status).toBe(400)
})

test('pages of openings hold every one once, newest first', async () => {
  const { scene } = await cross()
  const auditor = await hub.signIn(['auditor'])
  for (let count = 0; count < 5; count++) await ask(auditor, scene, 'audit')
  const seen: { id: string; at: string }[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query = cursor === '' ? '?limit=3' : `?limit=3&cursor=${cursor}`
    const page = (await (await auditor.request(`/v1/openings${query}`)).json()) as {
      openings: { id: string; at: string }[]
      next: string | null
    }
    expect(page.openings.length).toBeLessThanOrEqual(3)
    seen.push(...page.openings)
    cursor = page.next
  }
  const stored = await hub.hub.parts.db.selectFrom('opening').select('id').execute()
  expect(new Set(seen.map(({ id }) => id)).size).toBe(stored.length)
  expect(seen).toHaveLength(stored.length)
  expect(seen.map(({ at }) => at)).toEqual(
    seen
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  )
})

test('beside a crossing, auditors see every opening and an officer their own', async () => {
  const { bytes, manifest } = device.bundle({ picture })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies[0]?.id ?? ''
  const [auditor, officer] = [await hub.signIn(['auditor']), await hub.signIn(['officer'])]
  await ask(auditor, scene, 'audit')
  await ask(officer, scene, 'secondary')
  const seenBy = async (person: Person): Promise<readonly string[]> => {
    const answer = await person.request(`/v1/crossings/${manifest.crossing}`)
    const { openings } = (await answer.json()) as { openings: { purpose: string }[] }
    return openings.map(({ purpose }) => purpose).toSorted()
  }
  expect(await seenBy(auditor)).toEqual(['audit', 'secondary'])
  expect(await seenBy(officer)).toEqual(['secondary'])
})
