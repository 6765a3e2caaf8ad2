/** The page of leak searches: an archive is dropped, its pictures are ours or not, and it says what may be said. */

import { encodeJpeg } from '@sallyport/vision/encode'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { drawnPass, passSealer } from '../support/drawn-lane.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'
import { zip } from '../support/zip.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 240_000 })

let hub: TestHub
let visits: Visits

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  visits = await startVisits(hub, 150_000)
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

test('a responder drops an archive: what is ours is named with its evidence, the rest is not; others only read', async () => {
  const pass = await drawnPass('leak page:front', 1)
  const sealed = await passSealer(await enrolTestDevice(hub, 'in-1'))(pass)
  expect((await deliver(hub, sealed.bytes)).status).toBe(201)
  const archive = zip([
    { name: 'ours.jpg', bytes: Buffer.from(await encodeJpeg(pass.picture, 60)) },
    { name: 'notes.txt', bytes: Buffer.from('nothing to see') },
    { name: 'secret.jpg', bytes: Buffer.from('x'), encrypted: true },
  ])

  const responder = await visits.come({ roles: ['responder'] })
  await responder.goto('/leaks')
  await responder.getByText('Nothing was searched yet').waitFor()
  await responder.getByLabel('Case').fill('Case 12')
  await responder.getByLabel('Where the files are from').fill('a post on the web')
  await responder.getByLabel('Where the files are from').press('Enter')
  await responder.getByRole('heading', { name: 'Case 12' }).waitFor()
  await responder
    .locator('input[type=file]')
    .setInputFiles({ name: 'dump.zip', mimeType: 'application/zip', buffer: archive })
  const ours = responder.getByRole('listitem').filter({ hasText: 'dump.zip!ours.jpg' })
  await ours.getByText('Ours', { exact: true }).waitFor()
  await ours.getByText(/^Evidence/).click()
  await ours.getByText(/^Laid over capture .* its plate agrees to/).waitFor()
  const secret = responder.getByRole('listitem').filter({ hasText: 'dump.zip!secret.jpg' })
  await secret.getByText('Unsure', { exact: true }).waitFor()
  await picture(responder, 'leak-search')
  const [download] = await Promise.all([
    responder.waitForEvent('download'),
    responder.getByRole('button', { name: 'Export as CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.csv$/)
  await responder.getByRole('button', { name: 'End the search' }).click()
  await responder
    .getByText(/^Of the 3 files searched between .* from a post on the web, 1 is ours/)
    .waitFor()
  await responder.getByText(/holds the hash of the findings/).waitFor()
  expect(await responder.getByRole('button', { name: 'Choose files' }).count()).toBe(0)

  const auditor = await visits.come({ roles: ['auditor'] })
  await auditor.goto('/leaks')
  await auditor.getByRole('link', { name: 'Case 12' }).waitFor()
  expect(await auditor.getByLabel('Case').count()).toBe(0)
  await picture(auditor, 'leak-searches')
  await auditor.getByRole('link', { name: 'Case 12' }).click()
  await auditor.getByRole('listitem').filter({ hasText: 'dump.zip!ours.jpg' }).waitFor()
  // Nothing is cut off on a phone, nor unreadable in the dark.
  await auditor.emulateMedia({ colorScheme: 'dark' })
  await auditor.setViewportSize({ width: 375, height: 800 })
  expect(
    await auditor.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
  ).toBe(true)
  await picture(auditor, 'leak-search-narrow-dark')

  const officer = await visits.come({ roles: ['officer'] })
  await officer.goto('/')
  await officer.getByRole('link', { name: 'Crossings' }).first().waitFor()
  expect(await officer.getByRole('link', { name: 'Leaks' }).count()).toBe(0)
})
