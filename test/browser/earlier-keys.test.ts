/** Keys replaced in an incident: each lane is shown until it follows, and a second person destroys the earlier ones. */

import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let hub: TestHub
let visits: Visits

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  await enrolTestDevice(hub, 'in-1')
  visits = await startVisits(hub, 60_000)
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

test('a responder replaces the keys, sees which lane has not followed, and cannot destroy the earlier ones alone', async () => {
  const room = await visits.come({ roles: ['responder'], expected: [404] })
  const now = new Date().toISOString()
  const made = await room.request.post('/v1/incidents', {
    headers: { origin: hub.origin, 'content-type': 'application/json' },
    data: { title: 'The hub was entered', suspected_at: now, known_at: now },
  })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = (await made.json()) as { id: string }
  await room.goto(`/incidents/${id}`)

  await room.getByLabel('Replace the keys that lanes seal to').check()
  await room.getByLabel('Stop all shredding').uncheck()
  await room.getByRole('button', { name: 'Cut off now' }).click()
  await room.getByText('Lane in-1 has not said that it seals to the new keys').waitFor()
  await picture(room, 'keys-replaced')

  await room.getByRole('button', { name: 'Destroy the earlier keys…' }).click()
  const dialog = room.getByRole('dialog')
  await dialog.getByText('Nothing brings them back').waitFor()
  const destroy = dialog.getByRole('button', { name: 'Destroy', exact: true })
  expect(await destroy.isDisabled()).toBe(true)
  await dialog.getByLabel('It may become unreadable').check()
  await picture(room, 'keys-destroy')
  await destroy.click()
  await room.getByText('until somebody of another unit says the same').first().waitFor()
  await room.emulateMedia({ colorScheme: 'dark' })
  await picture(room, 'keys-replaced-dark')
  await room.setViewportSize({ width: 390, height: 800 })
  await picture(room, 'keys-replaced-narrow')

  // One of the two keys of today: nothing was sealed to this one, which is said, and not counted as none.
  await room.getByRole('combobox', { name: 'What is suspected' }).click()
  await room.getByRole('option', { name: 'The key of a day' }).click()
  const day = now.slice(0, 10)
  await room.getByLabel('Day, as 2026-05-01').fill(`${day}:age1${'q'.repeat(58)}`)
  await room.getByLabel('From', { exact: true }).fill(day)
  await room
    .getByLabel('Up to, not included')
    .fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))
  await room.getByLabel('Why', { exact: true }).fill('one of two keys')
  await picture(room, 'keys-scope')
  await room.getByRole('button', { name: 'Count it' }).click()
  await room.getByText('The records know no such epoch').waitFor()

  const inspector = await hub.signIn(['auditor'], { unit: 'inspectors' })
  const { steps } = (await (await inspector.request(`/v1/incidents/${id}`)).json()) as {
    steps: { id: string; act: string }[]
  }
  const target = steps.find(({ act }) => act === 'epochs_rotated')?.id
  await inspector.request(`/v1/incidents/${id}/containment`, {
    method: 'POST',
    body: JSON.stringify({ cuts: [{ act: 'earlier_keys_given_up', target }] }),
  })
  await room.getByText('The earlier keys are destroyed.').first().waitFor()
  await room.getByRole('button', { name: 'Destroy the earlier keys…' }).waitFor({ state: 'hidden' })
  await room.getByRole('button', { name: 'Close the step' }).waitFor({ state: 'hidden' })
})
