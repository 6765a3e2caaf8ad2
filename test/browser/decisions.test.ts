/** "May X open Y now, and why not?": asked on the contractors page, and beside a picture that was refused. */

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { grantInForce } from '../support/grants.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'

let hub: TestHub
let visits: Visits
let crossing: string
let scene: string

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  const { bytes, manifest } = (await enrolTestDevice(hub, 'in-1')).bundle({})
  expect((await deliver(hub, bytes)).status).toBe(201)
  crossing = manifest.crossing
  scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  visits = await startVisits(hub, 60_000)
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

test('a refused opening says which rule refused it, and asking opens nothing', async () => {
  const page = await visits.come({ roles: ['officer'], expected: [403] })
  await page.goto(`/crossings/${crossing}`)
  const frame = page.getByRole('article').filter({ hasText: 'Scene' })
  await frame.getByRole('button', { name: 'Open…' }).click()
  await page
    .getByRole('dialog')
    .getByRole('radio', { name: /^Inspection/ })
    .check()
  await page.getByRole('button', { name: 'Log and open' }).click()
  await frame.getByRole('alert').waitFor()
  const before = hub.hub.parts.journal.size()
  await frame.getByRole('button', { name: 'Why?' }).click()
  const said = frame.getByRole('status', { name: 'What the policies say' })
  await said.getByText('You may not open it now').waitFor()
  await said.getByText('No policy speaks for it').waitFor()
  expect(hub.hub.parts.journal.size()).toBe(before)
  await picture(page, 'decision-refused')
})

test('whoever keeps grants asks for a contractor’s person: the plate alone yes, the original no', async () => {
  const keeper = await visits.come({ roles: ['supervisor'], affiliation: { unit: 'operations' } })
  await grantInForce(hub, 'north-optics', { views: ['plate_crop', 'scene'] })
  await hub.signIn([], { party: 'north-optics' })
  await keeper.goto('/contractors')
  await keeper.getByRole('combobox', { name: 'Who', exact: true }).click()
  await keeper
    .getByRole('option', { name: /north-optics/ })
    .first()
    .click()
  await keeper.getByLabel('Picture', { exact: true }).fill(`${hub.origin}/crossings/${crossing}`)
  await keeper.getByRole('button', { name: 'Ask the policies' }).click()
  const said = keeper.getByRole('status', { name: 'What the policies say' })
  await said.getByText('may open it now').waitFor()
  await said.getByText('Every term of the grant is met (version 1).').waitFor()
  await picture(keeper, 'decision-allowed')

  await keeper.getByRole('combobox', { name: 'Shown as' }).click()
  await keeper.getByRole('option', { name: 'The original' }).click()
  // An answer to another question must not stay.
  await said.waitFor({ state: 'detached' })
  await keeper.getByRole('button', { name: 'Ask the policies' }).click()
  await said.getByText('may not open it now').waitFor()
  await said.getByText(/when somebody of the agency agreed to this picture/).waitFor()
  await picture(keeper, 'decision-original')
  expect(await hub.hub.parts.db.selectFrom('grant_use').selectAll().execute()).toEqual([])
})

test('a contractor’s person asks of themselves, and is offered nobody else', async () => {
  const theirs = await visits.come({ roles: [], affiliation: { party: 'north-optics' } })
  await theirs.goto('/')
  await theirs.getByRole('heading', { name: 'May somebody open this?' }).waitFor()
  expect(await theirs.getByRole('combobox', { name: 'Who', exact: true }).count()).toBe(0)
  await theirs.getByLabel('Picture', { exact: true }).fill(scene)
  await theirs.getByRole('button', { name: 'Ask the policies' }).click()
  await theirs.getByText('You may open it now').waitFor()
})
