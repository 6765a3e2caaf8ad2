/** Finding a crossing, and opening its pictures: closed until a purpose is given and logged. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import {
  pictureShown,
  redAndBlueJpeg,
  startBrowser,
  visit,
  type Visit,
} from '../support/browser.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub
let device: TestDevice
let picture: Uint8Array
let here: Visit

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
  device = await enrolTestDevice(hub, 'in-1')
  picture = await redAndBlueJpeg()
  for (const plate of ['KO0L42', 'XYZ987', '7TRK333']) await cross(plate)
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

/** Delivers a crossing and returns its id. */
async function cross(plate: string): Promise<string> {
  const { bytes, manifest } = device.bundle({ plate, picture })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.crossing
}

/** The requests to open that a page sent so far. */
function openingsAsked(page: Page): string[] {
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/openings') && request.method() === 'POST')
      asked.push(request.url())
  })
  return asked
}

test('a part of a plate finds it, with O typed for 0, a dash between and lower case', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/crossings')
  const rows = page.getByRole('table').getByRole('row')
  await rows.nth(3).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('k0-ol')
  // While the answer is on its way the table may be empty for a moment.
  await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(2)
  await rows.nth(1).locator('mark').nth(3).waitFor()
  expect(await rows.nth(1).innerText()).toMatch(/K\s?O\s?0\s?L/)
  expect(await rows.nth(1).locator('mark').allInnerTexts()).toEqual(['K', 'O', '0', 'L'])
  // A plate is personal data: it must not stand in an address that is kept or sent on.
  expect(page.url()).not.toMatch(/k0/i)

  await page.getByRole('textbox', { name: 'Plate' }).fill('NOWHERE')
  await page
    .getByText(/No crossing|Nothing|No crossings/i)
    .first()
    .waitFor()
})

test('rows are walked and opened from the keyboard', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/crossings')
  await page.getByRole('table').getByRole('row').nth(3).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Pictures' }).waitFor()
  expect(page.url()).toMatch(/\/crossings\/[0-9a-f]{32}$/)
})

test('pictures stay closed until a purpose is given; opening shows them with a receipt that verifies', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  const asked = openingsAsked(page)
  const crossing = await cross('OPEN01')
  await page.goto(`/crossings/${crossing}`)
  const scene = page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: 'Scene' }) })
  await scene.getByText('Sealed at the lane').waitFor()
  await scene.getByRole('button', { name: 'Open…' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('button', { name: 'Log and open' }).waitFor()
  expect(await form.getByRole('button', { name: 'Log and open' }).isDisabled()).toBe(true)
  expect(await form.getByRole('radio').count()).toBe(3)
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'hidden' })
  expect(await page.locator('img').count()).toBe(0)
  expect(asked).toEqual([])

  await scene.getByRole('button', { name: 'Open…' }).click()
  await form.getByRole('radio', { name: 'Investigation' }).check()
  await form.getByRole('textbox', { name: /Note/ }).fill('case 7')
  await form.getByRole('button', { name: 'Log and open' }).click()
  await scene.locator('img').waitFor()
  expect(asked).toHaveLength(1)
  expect(await pictureShown(page, 'article img')).toEqual({
    width: 320,
    height: 180,
    left: 'red',
    right: 'blue',
  })
  await scene.getByRole('button', { name: 'Verify in this browser' }).click()
  await scene.getByText('Verified here.').waitFor()
  await page.getByRole('table').or(page.getByText('case 7')).first().waitFor()

  await scene.getByRole('button', { name: 'Close picture' }).click()
  await scene.getByText('Sealed at the lane').waitFor()
  expect(await page.locator('img').count()).toBe(0)
})

test('an opened picture is in no cache: the page asks again, and the log has both', async () => {
  here = await visit(browser, hub, { roles: ['auditor'] })
  const { page } = here
  const crossing = await cross('CACHE1')
  const before = hub.hub.parts.journal.size()
  for (const _ of [1, 2]) {
    await page.goto(`/crossings/${crossing}`)
    await page.getByRole('button', { name: 'Open…' }).last().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log and open' }).click()
    await page.locator('article img').waitFor()
  }
  expect(hub.hub.parts.journal.size()).toBe(before + 2)
  const kept = await page.evaluate(async () => ({
    caches: await caches.keys(),
    databases: await indexedDB.databases(),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
  }))
  expect(kept).toMatchObject({ caches: [], databases: [], session: [] })
  expect(JSON.stringify(kept.local)).not.toMatch(/crossing|plate|picture/)
})

test('a refused opening says why, that it was logged, and shows nothing', async () => {
  here = await visit(browser, hub, { roles: ['officer'], expected: [403] })
  const { page } = here
  const crossing = await cross('REFUS1')
  await page.goto(`/crossings/${crossing}`)
  await page.getByRole('button', { name: 'Open…' }).first().click()
  await page.getByRole('dialog').getByRole('radio', { name: 'Inspection' }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Log and open' }).click()
  const refusal = page.getByRole('alert')
  await refusal.waitFor()
  const said = await refusal.innerText()
  expect(said).toMatch(/Start your shift at this lane/)
  expect(said).toMatch(/no_shift/)
  const index = Number(/logged as entry (\d+)/.exec(said)?.[1])
  expect(index).toBe(hub.hub.parts.journal.size() - 1)
  expect(await page.locator('img').count()).toBe(0)
})

test('who keeps lanes running sees no crossings and no way to them', async () => {
  here = await visit(browser, hub, { roles: ['integrator'], expected: [403] })
  const { page } = here
  const crossing = await cross('HIDDEN1')
  await page.goto('/')
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  expect(await page.getByRole('link', { name: 'Crossings' }).count()).toBe(0)
  await page.goto(`/crossings/${crossing}`)
  await page
    .getByText(/needs one of the roles/)
    .first()
    .waitFor()
  expect(await page.locator('body').innerText()).not.toContain('HIDDEN1')
})
