/** Days whose key waits, a clock that is doubted, and pictures that are shredded, as people see them. */

import { mkdir } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { redAndBlueJpeg, startBrowser, visit, type Visit } from '../support/browser.ts'
import { enrolTestDevice, readsOf } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { choose, hourMs } from '../support/retention.ts'
import { cross } from '../support/watch.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let browser: Browser
let hub: TestHub
let here: Visit
let crossing = ''
let aheadMs = -72 * hourMs
const before = new Date(Date.now() + aheadMs).toISOString().slice(0, 10)

beforeAll(async () => {
  hub = await startTestHub({ console: true, now: () => new Date(Date.now() + aheadMs) })
  browser = await startBrowser()
  const device = await enrolTestDevice(hub, 'in-1')
  crossing = await cross(hub, device, 'OLD111', readsOf('OLD111'), await redAndBlueJpeg())
  // Nobody runs it for three days.
  await hub.stop()
  aheadMs = 0
  await hub.restart()
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

test('a clock that is doubted is told the time, and a day that waits is given up by two people', async () => {
  here = await come({ roles: ['privacy'] })
  const { page } = here
  await page.goto('/retention')
  await page.getByRole('link', { name: 'Keys of days' }).click()
  await page.getByText('The hub does not believe its clock').waitFor()
  const day = page.getByRole('listitem').filter({ hasText: before })
  await day.getByText('has not closed the day').waitFor()
  await shoot('days-clock')
  const clock = await page.evaluate(() => {
    const here = new Date()
    return new Date(here.getTime() - here.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  })
  await page.getByLabel('What another clock shows').fill(clock)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('The hub does not believe its clock').waitFor({ state: 'detached' })

  await day.getByRole('button', { name: 'Give up the rest…' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: 'Give up' }).isDisabled()).toBe(true)
  await dialog.getByLabel('What has not arrived is lost').check()
  await shoot('days-dialog')
  await dialog.getByRole('button', { name: 'Give up' }).click()
  await dialog.waitFor({ state: 'detached' })
  await day.getByText('a second makes it so').waitFor()
  await shoot('days-one')
  const second = await hub.signIn(['supervisor'])
  await second.request(`/v1/epochs/${before}/lost`, { method: 'POST', body: '{}' })
  await page.reload()
  await page.getByText('Keys are made until').waitFor()
  expect(await page.getByText(before).count()).toBe(0)
})

test('a shredded picture is not offered: it says when, and where the proof stands', async () => {
  await choose(await hub.signIn(['privacy']), 'campus-strict')
  await hub.hub.parts.retention.run()
  here = await come({ roles: ['supervisor'] })
  const { page } = here
  await page.goto(`/crossings/${crossing}`)
  const pictures = page.getByRole('region', { name: 'Pictures' })
  await pictures
    .getByText(/^Shredded /)
    .first()
    .waitFor()
  expect(await pictures.getByRole('button', { name: 'Open…' }).count()).toBe(0)
  const proof = pictures.getByText('Proof: log entry').first().getByRole('link')
  expect(await proof.getAttribute('href')).toMatch(/^\/log\?entry=\d+$/)
  await shoot('shredded-crossing')
})

test.each([
  ['dark', { colorScheme: 'dark' as const }],
  ['narrow', { viewport: { width: 390, height: 844 } }],
])('the days hold together: %s', async (name, context) => {
  here = await come({ roles: ['auditor'], context })
  const { page } = here
  await page.goto('/retention/days')
  await page.locator('.sp-panel').first().waitFor()
  const [seen, held] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  expect(seen).toBeLessThanOrEqual(held ?? 0)
  expect(await page.getByRole('button', { name: 'Give up the rest…' }).count()).toBe(0)
  await shoot(`days-${name}`)
})
