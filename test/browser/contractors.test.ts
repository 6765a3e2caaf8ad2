/** The contractors page: from a new party to a grant in force, and what its people see of it. */

import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'

vi.setConfig({ testTimeout: 180_000 })

let hub: TestHub
let visits: Visits

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  visits = await startVisits(hub, 60_000)
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

test('a grant is read in plain words, proposed, signed by another unit, used and revoked', async () => {
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle({})
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''

  const first = await visits.come({ roles: ['supervisor'], affiliation: { unit: 'operations' } })
  await first.goto('/contractors')
  await first.getByText('no contractor sees anything').waitFor()
  await first.getByRole('textbox', { name: 'Name', exact: true }).fill('North Optics')
  await first.getByLabel('Contact').fill('duty desk')
  await first.getByRole('button', { name: 'Add it' }).click()
  await first.getByText('north-optics · 0 people').waitFor()

  await first.getByLabel('For', { exact: true }).first().click()
  await first.getByRole('option', { name: 'North Optics' }).click()
  await first.getByLabel('On the basis of').fill('Work order 7')
  await first.getByLabel('Whole scenes').check()
  await first.getByLabel('Monday to Friday').uncheck()
  await first.getByRole('button', { name: 'See what it would mean' }).click()
  const meaning = first.getByRole('status', { name: 'What it would mean' })
  await meaning.getByText('It never allows copies to leave').waitFor()
  await picture(first, 'contractors-preview')
  await meaning.getByRole('button', { name: 'Propose it' }).click()
  const card = first.getByRole('article', { name: /North Optics, Work order 7/ })
  await card.getByText('You proposed it').waitFor()

  const second = await visits.come({ roles: ['privacy'], affiliation: { unit: 'privacy office' } })
  await second.goto('/contractors')
  await second.getByRole('button', { name: 'Sign it' }).click()
  await second.getByText('In force', { exact: true }).waitFor()

  const theirs = await visits.come({ roles: [], affiliation: { party: 'north-optics' } })
  await theirs.goto('/')
  await theirs.getByRole('heading', { name: 'Your grants' }).waitFor()
  await theirs.getByText('Today 0 of 40 pictures').waitFor()
  // Nothing of the agency's own pages is offered, or answered.
  expect(await theirs.getByRole('link', { name: 'Crossings' }).count()).toBe(0)
  await picture(theirs, 'contractors-theirs')
  const grant = (await hub.hub.parts.policy.grants(new Date()))[0]?.id
  const asked = await theirs.evaluate(
    async ({ capture, body }) =>
      (
        await fetch(`/v1/captures/${capture}/secondings`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status,
    {
      capture: scene,
      body: { grant, purpose: 'fault_analysis', reason: 'The frame hides a character.' },
    },
  )
  expect(asked).toBe(201)

  const waiting = second.getByRole('article', { name: 'The frame hides a character.' })
  await waiting.getByRole('button', { name: 'Show this once' }).click()
  await second.getByText('Nobody asks for an original.').waitFor()
  await theirs.getByText('Agreed: good for one opening').waitFor()
  await picture(second, 'contractors')

  await second.getByRole('button', { name: 'Revoke …' }).click()
  await second.getByLabel('Why it ends').fill('The contract ended.')
  await second.getByRole('button', { name: 'Revoke it' }).click()
  await second.getByText('Revoked', { exact: true }).waitFor()
  await theirs.getByText('The contract ended.').waitFor()
})

test('the page fits a narrow screen in the dark', async () => {
  const page = await visits.come({
    roles: ['supervisor'],
    context: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  })
  await page.goto('/contractors')
  await page.getByRole('heading', { name: 'Equipment at lanes' }).waitFor()
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wider).toBeLessThanOrEqual(0)
  await picture(page, 'contractors-narrow-dark')
})
