/** The retention pages: a policy is chosen after its dry run, two people hold, and a record counts down. */

import { mkdir } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { redAndBlueJpeg, startBrowser, visit, type Visit } from '../support/browser.ts'
import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { askHold, hourMs } from '../support/retention.ts'
import { cross } from '../support/watch.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let browser: Browser
let hub: TestHub
let device: TestDevice
let picture: Uint8Array
let here: Visit
let aheadMs = 0

beforeAll(async () => {
  hub = await startTestHub({ console: true, now: () => new Date(Date.now() + aheadMs) })
  browser = await startBrowser()
  picture = await redAndBlueJpeg()
  device = await enrolTestDevice(hub, 'in-1')
  for (const plate of ['OLD111', 'OLD222']) await cross(hub, device, plate, readsOf(plate), picture)
  aheadMs = 30 * hourMs
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

async function come(options: Parameters<typeof visit>[2]): Promise<Visit> {
  const arrived = await visit(browser, hub, options)
  // A machine under load takes its time over the first page.
  arrived.page.setDefaultTimeout(60_000)
  return arrived
}

/** Pictures for people to look at, when a folder for them is named. */
async function shoot(name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await here.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

test('nobody puts a policy in force without having seen how much it shreds at once', async () => {
  here = await come({ roles: ['privacy'] })
  const { page } = here
  await page.goto('/retention')
  await page.getByText('No policy is chosen').waitFor()
  await page.getByRole('link', { name: 'Policy' }).click()
  await page.getByRole('radio', { name: /^Campus, strict/ }).check()
  const put = page.getByRole('button', { name: /^Put in force: 4 bodies are shredded at once/ })
  await put.waitFor()
  await shoot('retention-choose')
  await put.click()
  await page.getByText('In force: Campus, strict').waitFor()
  const { policies } = (await (await page.request.get('/v1/retention/policies')).json()) as {
    policies: { pack: string }[]
  }
  expect(policies.map(({ pack }) => pack)).toEqual(['campus-strict'])
  await shoot('retention-policy')
})

test('a record counts down, and a hold on it waits for somebody else', async () => {
  const crossing = await cross(hub, device, 'NEW333', readsOf('NEW333'), picture)
  here = await come({ roles: ['privacy'] })
  const { page } = here
  await page.goto(`/crossings/${crossing}`)
  const kept = page
    .getByRole('region')
    .filter({ hasText: 'Kept until' })
    .or(page.locator('section', { hasText: 'Kept until' }))
  await page
    .getByText(/^in 23 h|^in 24 h/)
    .first()
    .waitFor()
  expect(await kept.first().innerText()).toContain('Scenes')
  await shoot('retention-countdown')
  await page.getByRole('button', { name: 'Ask for a hold…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Case 2026-17, prosecutor Lee')
  await shoot('retention-hold-dialog')
  await dialog.getByRole('button', { name: 'Ask for it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.goto('/retention/holds')
  await page.getByText('Waits for a second person').waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true)
})

test('a second person approves, and the page says what is due, held and shredded', async () => {
  const asker = await hub.signIn(['privacy'])
  await askHold(asker, { kind: 'plate', plate: 'OLD222' }, new Date(Date.now() + 90 * hourMs))
  here = await come({ roles: ['supervisor', 'auditor'] })
  const { page } = here
  await page.goto('/retention/holds')
  const plate = page.getByRole('listitem').filter({ hasText: 'Plate OLD222' })
  await plate.getByRole('button', { name: 'Approve' }).click()
  await plate.getByText('In force', { exact: true }).waitFor()
  await shoot('retention-holds')
  await page.goto('/retention')
  await page.getByText('2 bodies are due now').waitFor()
  await shoot('retention-due')
  await page.getByRole('button', { name: 'Shred now' }).click()
  await page.getByText('Nothing is due now.').waitFor()
  await page.getByRole('link', { name: 'Shredded' }).click()
  await page.getByRole('cell', { name: 'Plate pictures' }).waitFor()
  expect(await page.getByText('Not yet').count()).toBe(0)
  await shoot('retention-shredded')
})

test.each([
  ['dark', { colorScheme: 'dark' as const }],
  ['narrow', { viewport: { width: 390, height: 844 } }],
])('the pages hold together: %s', async (name, context) => {
  here = await come({ roles: ['privacy'], context })
  const { page } = here
  for (const part of ['', '/policy', '/holds', '/shredded']) {
    await page.goto(`/retention${part}`)
    await page.locator('.sp-panel').first().waitFor()
    await page.waitForLoadState('networkidle')
    const [seen, held] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(seen, `${part} does not scroll sideways`).toBeLessThanOrEqual(held ?? 0)
    await shoot(`retention-${name}${part.replace('/', '-')}`)
  }
})
