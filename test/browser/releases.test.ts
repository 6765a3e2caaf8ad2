/** The releases page: asked for by one, approved by two others, made, fetched and accounted for. */

import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { drawnCar } from '../support/reader-client.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'

vi.setConfig({ testTimeout: 240_000 })

let hub: TestHub
let car: Buffer
let visits: Visits

beforeAll(async () => {
  car = await drawnCar()
  hub = await startTestHub({
    console: true,
    draw: () => Promise.resolve({ picture: car, plate: 'QX7714' }),
  })
  visits = await startVisits(hub, 90_000)
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

test('a release is asked for, approved by two other units, made, fetched and accounted for', async () => {
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle({ picture: car })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''

  const first = await visits.come({ roles: ['supervisor'], affiliation: { unit: 'operations' } })
  await first.goto('/releases')
  await first.getByText('No copy has left this hub').waitFor()
  await first.getByText('Add a recipient', { exact: true }).click()
  await first.getByLabel('Short name').fill('district-court')
  await first.getByLabel('Full name').fill('District Court')
  await first.getByLabel('Contact').fill('clerk of the court')
  await first.getByLabel('Key', { exact: true }).fill(generateIdentity().recipient)
  await first.getByRole('button', { name: 'Add it' }).click()
  await first.getByRole('article', { name: 'District Court' }).waitFor()

  await first.getByRole('combobox', { name: 'For' }).click()
  await first.getByRole('option', { name: /District Court/ }).click()
  await first.getByLabel('Order or case').fill('Order 7 of 2026')
  await first.getByLabel('Pictures').fill(scene)
  await first.getByRole('button', { name: 'Ask two others to approve' }).click()
  const card = first.getByRole('article', { name: /Order 7 of 2026/ })
  await card.getByText('Waits for two approvals').waitFor()
  // Whoever asked is not asked to approve.
  expect(await first.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0)

  for (const [role, unit] of [
    ['privacy', 'privacy office'],
    ['auditor', 'inspection'],
  ] as const) {
    const other = await visits.come({ roles: [role], affiliation: { unit } })
    await other.goto('/releases')
    await other.getByRole('button', { name: 'Approve', exact: true }).waitFor()
    if (role === 'privacy') await picture(other, 'releases-inbox')
    await other.getByRole('button', { name: 'Approve', exact: true }).click()
    await other.getByText('Nobody waits for your approval').waitFor()
  }
  await first.getByRole('button', { name: 'Make the copies' }).click()
  await card.getByText('Copies are outside').waitFor()
  const link = card.getByRole('link', { name: 'Package for the recipient' })
  const [download] = await Promise.all([first.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(/^release-[0-9a-f]{32}\.zip$/)
  await picture(first, 'releases')

  await card.getByText('Its copies are returned or destroyed').click()
  await card.getByLabel('Who says so').fill('Clerk of the court')
  await card
    .locator('input[type=file]')
    .setInputFiles({ name: 'signed.txt', mimeType: 'text/plain', buffer: Buffer.from('signed') })
  await card.getByRole('button', { name: 'Write it down' }).click()
  await card.getByText('Accounted for').waitFor()
  await first.setViewportSize({ width: 390, height: 844 })
  await first.emulateMedia({ colorScheme: 'dark' })
  await picture(first, 'releases-narrow-dark')
})
