/** The pages of stays: an overstay with its sum, a missing side with what it may be, a statement by name. */

import { mkdir } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { enrolLanes, passBy } from '../support/stays.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let browser: Browser
let hub: TestHub
let here: Visit
const permit = {
  id: 'day',
  name: 'Day permit',
  subject: 'vehicle',
  kind: 'permit_hours',
  hours: 24,
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

beforeAll(async () => {
  hub = await startTestHub({ console: true, settings: { stayRules: [permit] as never } })
  browser = await startBrowser()
  const lanes = await enrolLanes(hub)
  await passBy(hub, lanes.in, '7KLM804', hoursAgo(51))
  await passBy(hub, lanes.in, 'LATE221', hoursAgo(30))
  await passBy(hub, lanes.in, 'HELLO12', hoursAgo(5))
  for (const hours of [400, 300, 190, 120, 80]) {
    await passBy(hub, lanes.in, 'BACK77', hoursAgo(hours))
    if (hours !== 190) await passBy(hub, lanes.out, 'BACK77', hoursAgo(hours - hours / 12))
  }
  await passBy(hub, lanes.out, '7KLN804', hoursAgo(49))
  await hub.hub.parts.stays.settled()
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
  await here.page.screenshot({ path: `${folder}/stays-${name}.png`, fullPage: true })
}

test('the longest overstay comes first, with every step of its sum; keys walk the list', async () => {
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/stays')
  const panel = page.getByRole('region', { name: 'Stay of 7KLM804' })
  await panel.getByText('Day permit: 1 day from the entry').waitFor()
  await panel.getByText('not seen to leave').waitFor()
  await panel.getByText(/^1 day 3 h$/).waitFor()
  await shoot('overstays')
  await page.locator('body').press('j')
  await page.getByRole('region', { name: 'Stay of LATE221' }).waitFor()
  expect(await page.getByRole('region', { name: 'Stay of 7KLM804' }).count()).toBe(0)
})

test('an exit without entry is explained, and paired by a person who is named', async () => {
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/stays/unmatched')
  await page.getByRole('button', { name: /7KLN804/ }).click()
  const panel = page.getByRole('region', { name: 'Stay of 7KLN804' })
  await panel.getByText('It left, and nothing was recorded of it before.').waitFor()
  await panel.getByText(/one character apart/).waitFor()
  await shoot('unmatched')
  await panel.getByRole('button', { name: 'They belong together…' }).click()
  const dialog = page.getByRole('dialog')
  const save = dialog.getByRole('button', { name: 'State it' })
  expect(await save.isDisabled()).toBe(true)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Same silver van, seen by hand')
  await shoot('pairing')
  await save.click()
  await dialog.waitFor({ state: 'hidden' })

  await page.goto('/stays/history/7klm804')
  const stated = page.getByRole('region', { name: 'Stay of 7KLM804' })
  await stated.getByText('Same silver van, seen by hand').waitFor()
  await stated.getByText('Test officer').waitFor()
  await shoot('corrected')
})

test('a history shows every stay of a plate, drawn and listed, also on a narrow and a dark screen', async () => {
  here = await come({ roles: ['auditor'] })
  const { page } = here
  await page.goto('/stays')
  // Keys mean something once the page is there.
  await page.getByRole('heading', { name: 'Stays', exact: true }).waitFor()
  await page.locator('body').press('/')
  await page.keyboard.type('back-77')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'History of BACK77' }).waitFor()
  await page.getByText('5 entries in the record').waitFor()
  expect(await page.locator('.sp-stay-line rect').count()).toBe(5)
  // An auditor reads, and states nothing.
  expect(await page.getByRole('button', { name: 'State something…' }).count()).toBe(0)
  await shoot('history')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shoot('history-dark')
  await page.setViewportSize({ width: 390, height: 844 })
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
  await shoot('history-narrow')
  await page.goto('/stays/unmatched')
  await page.getByText('Without other side').waitFor()
  await shoot('unmatched-narrow')
})

test('who keeps lanes running has no page of stays', async () => {
  here = await come({ roles: ['integrator'], expected: [403] })
  await here.page.goto('/')
  await here.page.getByRole('navigation', { name: 'Pages' }).waitFor()
  expect(await here.page.getByRole('link', { name: 'Stays' }).count()).toBe(0)
})
