/** The integrations page: tokens and webhooks, from making them to ending them, by keyboard and mouse. */

import path from 'node:path'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { isAuthentic, type Receiver, startReceiver } from '../support/receiver.ts'

// Several pages and a reader's worth of clicks each.
vi.setConfig({ testTimeout: 180_000 })

let browser: Browser
let hub: TestHub
let here: Visit
let receiver: Receiver

beforeAll(async () => {
  hub = await startTestHub({ console: true, settings: { privateTargets: ['127.0.0.1'] } })
  browser = await startBrowser()
  receiver = await startReceiver()
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
  await receiver.close()
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

/** Pictures for people to look at, when a folder for them is named. */
async function picture(name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder !== undefined)
    await here.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true })
}

test('an integrator makes a token, reads with it, and revokes it', async () => {
  here = await visit(browser, hub, { roles: ['integrator'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/')
  await page.getByRole('link', { name: 'Integrations' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('heading', { name: 'Integrations' }).waitFor()
  await page.getByLabel('Program').fill('Barrier')
  await page.getByLabel('What it reads plates for').fill('opens the staff gate')
  await page.getByRole('button', { name: 'Make a token' }).click()
  const shown = page.getByRole('status').filter({ hasText: 'shown this once' })
  const token = await shown.locator('pre').innerText()
  expect(token).toMatch(/^spr_[a-z0-9]{32}$/)
  await picture('token')
  const ask = () => hub.request('/v1/statistics/', { headers: { authorization: `Token ${token}` } })
  expect((await ask()).status).toBe(200)
  const row = page.getByRole('article', { name: 'Barrier' })
  expect(await row.innerText()).toMatch(/opens the staff gate/)
  await row.getByRole('button', { name: 'Revoke' }).click()
  await row.getByText('Revoked.').waitFor()
  expect((await ask()).status).toBe(403)
})

test('a supervisor sets up a webhook with plates, tests it, changes its secret and ends it', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/integrations')
  const plates = page.getByLabel('Plates in clear leave with them')
  expect(await plates.isDisabled()).toBe(true)
  await page.getByLabel('System').fill('Gate computer')
  await page.getByLabel('Address').fill(receiver.url)
  await page.getByLabel('What it is told for').selectOption('gate_control')
  await plates.check()
  await page.getByRole('button', { name: 'Set it up' }).click()
  const shown = page.getByRole('status').filter({ hasText: 'shown this once' })
  const secret = await shown.locator('pre').first().innerText()
  const row = page.getByRole('article', { name: 'Gate computer' })
  await row.getByText('carries plates').waitFor()
  await row.getByRole('button', { name: 'Test' }).click()
  await row.getByText('The test event arrived.').waitFor()
  const [first] = receiver.received
  expect(first !== undefined && isAuthentic(first, secret, new Date())).toBe(true)
  await row.getByRole('button', { name: 'New secret' }).click()
  await row.getByText('The old secret signs too for a day.').waitFor()
  await picture('webhook')

  receiver.answer = (_request, response) => response.writeHead(500).end()
  await row.getByRole('button', { name: 'Test' }).click()
  await row.getByText('It did not arrive: status_500.').waitFor()
  await row.getByRole('button', { name: 'End…' }).click()
  await row.getByRole('button', { name: /End it/ }).click()
  await row.waitFor({ state: 'detached' })
})

test('an address inside is refused in words that say what to do', async () => {
  here = await visit(browser, hub, { roles: ['integrator'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/integrations')
  await page.getByLabel('System').fill('x')
  await page.getByLabel('Address').fill('https://169.254.169.254/')
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByText(/private or reserved network/).waitFor()
  expect(await page.getByLabel('Address').inputValue()).toBe('https://169.254.169.254/')
  here.troubles.splice(0)
})

test('an officer finds no such page in the bar', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  await here.page.goto('/')
  await here.page.getByRole('link', { name: 'Live' }).waitFor()
  expect(await here.page.getByRole('link', { name: 'Integrations' }).count()).toBe(0)
})

test('on a narrow dark screen nothing is cut off', async () => {
  here = await visit(browser, hub, { roles: ['supervisor', 'integrator'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/integrations')
  await page.getByRole('heading', { name: 'A new webhook' }).waitFor()
  await picture('narrow-dark')
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
})
