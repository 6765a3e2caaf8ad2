/** A lane handed over by keyboard, and what a lane said without the hub, shown beside what was decided. */

import { mkdir } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { deliverLaneVerdict, madeLaneVerdict } from '../support/lane-verdict.ts'
import { passBy } from '../support/stays.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let browser: Browser
let hub: TestHub
let device: TestDevice
let here: Visit

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
  device = await enrolTestDevice(hub, 'in-1')
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
  const { page } = here
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${folder}/${name}-narrow-dark.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 900 })
}

test('handed over with h, and taken by the next officer with h', async () => {
  const crossing = await passBy(hub, device, 'LEFT01', new Date())
  const ann = await hub.signIn(['officer'])
  await ann.request('/v1/shift', { method: 'PUT', body: JSON.stringify({ lane: 'in-1' }) })
  await ann.request(`/v1/crossings/${crossing}/window`, {
    method: 'POST',
    body: JSON.stringify({ says: 'referred', reason: 'document', seen: 0 }),
  })
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/')
  await page.getByRole('button', { name: 'Start shift here' }).click()
  await page.getByRole('button', { name: 'Hand over…' }).waitFor()
  await page.keyboard.press('h')
  const dialog = page.getByRole('dialog')
  const note = dialog.getByRole('textbox', { name: 'What the next officer must know' })
  await note.fill('The barrier sticks.\nBlue van waits for its driver.')
  await shoot('handover-writing')
  await note.press('Control+Enter')
  const left = page.getByRole('region', { name: 'Handed over' })
  await left.getByText('Waits for the next officer').waitFor()
  await left.getByText('The barrier sticks.').waitFor()
  await left.getByRole('link', { name: 'LEFT01' }).waitFor()
  await shoot('handover-waiting')
  await here.close()

  here = await come({ roles: ['officer'] })
  const next = here.page
  await next.goto('/')
  await next.getByRole('button', { name: 'Take over here' }).waitFor()
  await next.keyboard.press('1')
  await next.keyboard.press('h')
  await next.getByRole('button', { name: 'Hand over…' }).waitFor()
  const read = await next.getByRole('region', { name: 'Handed over' }).innerText()
  expect(read).toMatch(/^Handed over by Test officer.*The barrier sticks/s)
  await shoot('handover-taken')
})

test('a verdict of the lane that came too late stands beside what was decided, and says whose it is', async () => {
  const crossing = await passBy(hub, device, 'LATE01', new Date())
  const sue = await hub.signIn(['supervisor'])
  await sue.request(`/v1/crossings/${crossing}/window`, {
    method: 'POST',
    body: JSON.stringify({ says: 'admitted', seen: 0 }),
  })
  const said = { says: 'referred', code: 'document', note: 'No stamp' } as const
  const late = await deliverLaneVerdict(hub, device, madeLaneVerdict(device, crossing, { said }))
  expect(late).toMatchObject({ status: 201, place: null })
  const other = await passBy(hub, device, 'LATE02', new Date())
  await deliverLaneVerdict(hub, device, madeLaneVerdict(device, other, { said }))

  here = await come({ roles: ['supervisor'] })
  const { page } = here
  await page.goto(`/crossings/${crossing}`)
  const beside = page.getByRole('note').filter({ hasText: 'Said at the lane meanwhile' })
  await beside.getByText('by Ann Ruiz (stated at the lane, not signed in)').waitFor()
  await beside.getByText('does not count').waitFor()
  await shoot('lane-verdict-beside')
  await page.goto(`/crossings/${other}`)
  const steps = page.getByRole('region', { name: 'What was decided' })
  await steps.getByText('by Ann Ruiz (stated at the lane, not signed in)').waitFor()
  await steps.getByText('The hub was out of reach').waitFor()
  await shoot('lane-verdict-step')
})
