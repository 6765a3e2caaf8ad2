/** The devices page: what lanes sign of themselves, work orders of two people, and quarantine in one step. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { drivePluggedIn, eventSigner, tell } from '../support/device-events.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

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

test('R6: a drive that is plugged in stands on the open page, as alarm and as event', async () => {
  here = await visit(browser, hub, { roles: ['responder'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/devices')
  await page.getByText('Nothing yet. A drive').waitFor()
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  await tell(hub, device.id, eventSigner(device)(drivePluggedIn))
  const alarm = page.getByRole('article').filter({ hasText: 'Media inserted' })
  await alarm.waitFor()
  expect(await alarm.innerText()).toContain('575834314538')
  const row = page.getByRole('row').filter({ hasText: 'WD Elements 25A2' })
  await row.waitFor()
  expect(await row.innerText()).toContain('Lane in-1')
})

test('R25: quarantine from the page shows that intake obeys, and is taken back there', async () => {
  here = await visit(browser, hub, { roles: ['responder'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/devices')
  await page.getByRole('button', { name: 'Quarantine…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A drive was plugged in')
  await dialog.getByRole('button', { name: 'Put in quarantine' }).click()
  await dialog.getByText('Intake confirms it.').waitFor()
  await page.getByText('In quarantine', { exact: true }).first().waitFor()
  await dialog.getByRole('button', { name: 'Let it back in' }).click()
  await dialog.getByRole('button', { name: 'Put in quarantine' }).waitFor()
  expect(await dialog.innerText()).toContain('waits at the lane')
})

test('R6: one person writes a work order, and another lets it begin', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/devices')
  await page.getByRole('button', { name: 'Write a work order…' }).click()
  await page.getByRole('combobox', { name: 'Lane' }).click()
  await page.getByRole('option', { name: 'Lane in-1' }).click()
  await page.getByRole('textbox', { name: 'Number' }).fill('WO-2026-114')
  await page.getByRole('textbox', { name: 'Technician' }).fill('J. Doe')
  await page.getByRole('button', { name: 'Write the work order' }).click()
  const order = page.getByRole('article', { name: 'Work order WO-2026-114' })
  await order.getByText('Waits for a second person').waitFor()
  await order.getByRole('button', { name: 'Let it begin' }).click()
  await order.getByText(/You wrote this work order/).waitFor()
  // The browser's own word on the refusal.
  here.troubles.splice(0)
  const [id] = (
    (await (await (await hub.signIn(['auditor'])).request('/v1/maintenance')).json()) as {
      orders: { id: string }[]
    }
  ).orders.map((one) => one.id)
  const second = await hub.signIn(['integrator'])
  await second.request(`/v1/maintenance/${id}/beginning`, { method: 'POST', body: '{}' })
  // Told by the hub while the page is open.
  await order.getByText('In maintenance', { exact: true }).waitFor()
  expect(await order.innerText()).toContain('begun by Test integrator')
})
