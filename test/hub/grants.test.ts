/** Grants: two units sign, contractors see the plate alone, and no more of it than was agreed. */

import { randomBytes } from 'node:crypto'

import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, expect, test } from 'vitest'

import { likeness } from '../support/drawn-picture.ts'
import { json, send, startGrantHub } from '../support/grant-hub.ts'

const {
  hub,
  clock,
  car,
  first,
  second,
  technician,
  colleague,
  document,
  signed,
  cross,
  open,
  entryAt,
} = await startGrantHub()
afterAll(() => hub.remove())

test('R8: a contractor sees the plate alone, and the log names grant, policies and the set in force', async () => {
  const grant = await signed()
  const { scene = '' } = await cross()
  const opened = await open(technician, scene, grant)
  expect(opened).toMatchObject({ media_type: 'image/jpeg' })
  const shown = await decodePicture(Buffer.from(String(opened['picture']), 'base64'))
  const whole = await decodePicture(car)
  if (shown.kind !== 'picture' || whole.kind !== 'picture') throw new Error('both are pictures')
  const area = shown.picture.width * shown.picture.height
  expect(area).toBeLessThan((whole.picture.width * whole.picture.height) / 8)
  const { policy_set: set } = await json(first.request('/v1/policy'))
  expect(await entryAt(Number(opened['log_index']))).toMatchObject({
    kind: 'opening',
    purpose: 'fault_analysis',
    view: 'plate_crop',
    grant,
    policies: [`grant/${grant}/1`],
    policy_set: set,
  })
})

test('a picture in which no plate is found shows a contractor nothing', async () => {
  const grant = await signed()
  const { scene = '' } = await cross(randomBytes(4_000))
  expect(await open(technician, scene, grant)).toMatchObject({ code: 'picture_not_openable' })
})

test('a grant with one signature opens nothing, and whoever proposed it cannot give the second', async () => {
  const { grant, version } = await json(send(first, '/v1/grants', document()))
  const { scene = '' } = await cross()
  expect(await open(technician, scene, String(grant))).toMatchObject({ code: 'grant_not_in_force' })
  const path = `/v1/grants/${String(grant)}/versions/${String(version)}/signature`
  expect(await json(send(first, path))).toMatchObject({ code: 'signs_own_proposal' })
  const sameUnit = await hub.signIn(['privacy'], { unit: 'operations' })
  expect(await json(send(sameUnit, path))).toMatchObject({ code: 'signs_for_same_unit' })
  expect((await send(second, path)).status).toBe(204)
  expect(await open(technician, scene, String(grant))).toHaveProperty('picture')
})

test('a revocation holds for the next opening, and for one that is under way', async () => {
  const grant = await signed()
  const { scene = '' } = await cross()
  const { journal } = hub.hub.parts
  const append = journal.append.bind(journal)
  // Revoked after the entry is durable and before the picture is unsealed.
  Object.assign(journal, {
    append: async (entry: { readonly kind: string }) => {
      const index = await append(entry as Parameters<typeof append>[0])
      if (entry.kind === 'opening') {
        Object.assign(journal, { append })
        await send(first, `/v1/grants/${grant}/revocation`, { reason: 'It leaked.' })
      }
      return index
    },
  })
  try {
    expect(await open(technician, scene, grant)).toMatchObject({ code: 'grant_revoked' })
  } finally {
    Object.assign(journal, { append })
  }
  expect(await open(technician, scene, grant)).toMatchObject({ code: 'grant_revoked' })
  const amended = await send(first, `/v1/grants/${grant}/versions`, document())
  expect(await json(amended)).toMatchObject({ code: 'grant_revoked' })
})

test('R11: two who ask at once do not both get the last picture of the day, and a restart gives none back', async () => {
  const until = new Date(hub.hub.parts.now().getTime() + 3 * 86_400_000).toISOString()
  const grant = await signed({ pictures_per_day: 3, until })
  const { scene = '' } = await cross()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => open(at % 2 === 0 ? technician : colleague, scene, grant)),
  )
  expect(answers.filter((answer) => 'picture' in answer)).toHaveLength(3)
  expect(answers.filter(({ code }) => code === 'quota_used_up')).toHaveLength(5)
  await hub.restart()
  expect(await open(technician, scene, grant)).toMatchObject({ code: 'quota_used_up' })
  clock.offsetMs = 25 * 3_600_000
  try {
    // The next day at the port; sessions are over by then.
    const again = await hub.signIn([], { party: 'north-optics' })
    expect(await open(again, scene, grant)).toHaveProperty('picture')
  } finally {
    clock.offsetMs = 0
  }
})

test('R8: an original needs an agreement of the agency: for one person, one picture, once', async () => {
  const grant = await signed()
  const { scene = '' } = await cross()
  const original = { view: 'original' }
  expect(await open(technician, scene, grant, original)).toMatchObject({
    code: 'needs_second_person',
  })
  const asked = { grant, purpose: 'fault_analysis', reason: 'The frame hides a character.' }
  const { id } = await json(send(technician, `/v1/captures/${scene}/secondings`, asked))
  const answer = `/v1/secondings/${String(id)}/answer`
  expect(await json(send(technician, answer, { agreed: true }))).toMatchObject({
    code: 'role_missing',
  })
  expect(await open(technician, scene, grant, original)).toMatchObject({
    code: 'needs_second_person',
  })
  expect((await send(second, answer, { agreed: true })).status).toBe(204)
  expect(await json(send(first, answer, { agreed: false }))).toMatchObject({
    code: 'already_answered',
  })
  expect(await open(colleague, scene, grant, original)).toMatchObject({
    code: 'needs_second_person',
  })
  const opened = await open(technician, scene, grant, original)
  expect(await likeness(Buffer.from(String(opened['picture']), 'base64'), car)).toBeGreaterThan(36)
  expect(await open(technician, scene, grant, original)).toMatchObject({
    code: 'needs_second_person',
  })
})

test('R7: another party’s grant, lane, class and purpose are refused, and each refusal is logged', async () => {
  const grant = await signed()
  const { scene = '' } = await cross()
  const stranger = await hub.signIn([], { party: 'gate-works' })
  const refused = [
    await open(stranger, scene, grant),
    await open(technician, scene, grant, { purpose: 'incident' }),
    await open(technician, scene, grant, { purpose: 'incident_support' }),
    await open(technician, scene, '0'.repeat(32)),
  ]
  expect(refused.map(({ code }) => code)).toEqual([
    'no_grant',
    'outside_grant',
    'outside_grant',
    'no_grant',
  ])
  for (const { log_index: index } of refused)
    expect((await entryAt(Number(index)))['kind']).toBe('opening_refused')
})

test('R15: equipment that is overdue suspends its party’s grants until it is assessed', async () => {
  const grant = await signed()
  const { scene = '' } = await cross()
  const dueAt = new Date(hub.hub.parts.now().getTime() + 60_000).toISOString()
  const equipment = { party: 'north-optics', name: 'Reader 7', place: 'in-1', due_at: dueAt }
  const { id } = await json(send(first, '/v1/equipment', equipment))
  expect(await open(technician, scene, grant)).toHaveProperty('picture')
  clock.offsetMs = 61_000
  try {
    expect(await open(technician, scene, grant)).toMatchObject({ code: 'grant_not_in_force' })
    const due_at = new Date(hub.hub.parts.now().getTime() + 86_400_000).toISOString()
    const assessed = await send(second, `/v1/equipment/${String(id)}/assessments`, { due_at })
    expect(assessed.status).toBe(204)
    expect(await open(technician, scene, grant)).toHaveProperty('picture')
  } finally {
    clock.offsetMs = 0
  }
})
