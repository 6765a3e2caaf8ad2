/** The live page: crossings appear by themselves, and an officer works with the keyboard alone. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import {
  expectShown,
  pictureShown,
  redAndBlueJpeg,
  startBrowser,
  visit,
  type Visit,
} from '../support/browser.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
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
  await enrolTestDevice(hub, 'in-2')
  picture = await redAndBlueJpeg()
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

async function cross(plate: string): Promise<void> {
  const { status } = await deliver(hub, device.bundle({ plate, picture, third: true }).bytes)
  expect(status).toBe(201)
}

/** A plate as the card spells it for a screen reader. */
function spelled(plate: string): string {
  return `Plate ${Array.from(plate).join(' ')}`
}

test('a crossing that arrives while the page is open is on it within two seconds', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/')
  const lane = page.getByRole('article', { name: 'Lane in-1' })
  await lane.getByText('Nothing has crossed here yet.').waitFor()
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  let reloads = 0
  page.on('load', () => (reloads += 1))

  await cross('LIVE01')
  await lane.getByRole('img', { name: spelled('LIVE01') }).waitFor({ timeout: 30_000 })

  await cross('LIVE02')
  await lane.getByRole('img', { name: spelled('LIVE02') }).waitFor({ timeout: 30_000 })
  await lane.getByRole('list', { name: 'Crossings before' }).getByText('LIVE01').first().waitFor()
  expect(reloads).toBe(0)
})

test('a device that falls silent at the camera is said on its lane at once', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/')
  const lane = page.getByRole('article', { name: 'Lane in-1' })
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  await sendHeartbeat(hub, device, { camera: 'gone' })
  await expectShown(lane.getByText(/The camera gives no picture/), 30_000)
  await sendHeartbeat(hub, device)
  await lane.getByText(/The camera gives no picture/).waitFor({ state: 'hidden', timeout: 30_000 })
})

test('an officer starts the shift and inspects the newest crossing with the keyboard alone', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await cross('KEYS01')
  await page.goto('/')
  await page.getByRole('article', { name: 'Lane in-1' }).waitFor()

  await page.keyboard.press('1')
  await page.keyboard.press('s')
  const lane = page.getByRole('article', { name: 'Lane in-1' })
  await lane.getByText('Logged before it is shown').waitFor()
  expect(await lane.locator('figure img').count()).toBe(0)
  await page.keyboard.press('o')
  await lane.getByText(/Opened for inspection/).waitFor()
  const opened = await hub.signIn(['auditor'])
  const { openings } = (await (await opened.request('/v1/openings')).json()) as {
    openings: { purpose: string; outcome: string }[]
  }
  expect(openings[0]).toMatchObject({ purpose: 'inspection', outcome: 'opened' })
  await page.keyboard.press('x')
  await lane.getByText('Logged before it is shown').waitFor()
  expect(await lane.locator('figure img').count()).toBe(0)

  await page.keyboard.press('s')
  await lane.getByRole('button', { name: 'Start shift here' }).waitFor()
})

test('the next crossing does not take an opened picture away, and the picture says whose it is', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await cross('FIRST1')
  await page.goto('/')
  const lane = page.getByRole('article', { name: 'Lane in-1' })
  await lane.waitFor()
  await page.keyboard.press('1')
  await page.keyboard.press('s')
  await lane.getByText('Logged before it is shown').waitFor()
  await page.keyboard.press('o')
  await lane.locator('figure img').waitFor()
  await cross('SECND2')
  await lane.getByRole('img', { name: spelled('SECND2') }).waitFor()
  await lane.getByRole('status').getByText('Not the newest: this is FIRST1').waitFor()
  expect(await lane.locator('figure img').count()).toBe(1)
  await page.keyboard.press('o')
  await lane.getByRole('status').getByText('Not the newest').waitFor({ state: 'detached' })
  await lane.locator('figure img').waitFor()
  await cross('THIRD3')
  await lane.getByRole('status').getByText('Not the newest: this is SECND2').waitFor()
  // Nobody closes it: it goes by itself.
  await lane.locator('figure img').waitFor({ state: 'detached', timeout: 40_000 })
  await lane.getByText('Logged before it is shown').waitFor()
}, 90_000)

test('with automatic opening each newest plate is shown, and every one of them is logged', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await cross('AUTO01')
  await page.goto('/')
  const lane = page.getByRole('article', { name: 'Lane in-1' })
  await lane.waitFor()
  await page.keyboard.press('1')
  await page.keyboard.press('s')
  await lane.getByText('Logged before it is shown').waitFor()
  await page.keyboard.press('a')
  await lane.getByText(/Opened for inspection/).waitFor()
  const first = await pictureShown(page, 'article figure img')
  expect(first).toMatchObject({ width: 320, height: 180, left: 'red', right: 'blue' })
  const before = hub.hub.parts.journal.size()
  await cross('AUTO02')
  await lane.getByRole('img', { name: spelled('AUTO02') }).waitFor()
  await lane.getByText(/Opened for inspection/).waitFor()
  expect(hub.hub.parts.journal.size()).toBe(before + 2)
})

test('when the hub goes away the page says since when, and catches up after its return', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'], hubGoesAway: true })
  const { page } = here
  await page.goto('/')
  const lane = page.getByRole('article', { name: 'Lane in-1' })
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  await hub.stop()
  await page.getByText(/Reconnecting/).waitFor()
  await hub.restart()
  await cross('AFTER1')
  await expectShown(lane.getByRole('img', { name: spelled('AFTER1') }), 20_000)
  await page.getByText(/Reconnecting/).waitFor({ state: 'hidden', timeout: 20_000 })
})
