/** Under supervision an opening comes to the open page by itself, and one key answers it. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startBrowser, visit } from '../support/browser.ts'
import { json, send, startGrantHub } from '../support/grant-hub.ts'

let browser: Browser
let bench: Awaited<ReturnType<typeof startGrantHub>>
beforeAll(async () => {
  bench = await startGrantHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await bench.hub.remove()
})

test('a contractor is put under supervision, and its opening is approved with one key', async () => {
  const grant = await bench.signed()
  const capture = (await bench.cross())['scene'] ?? ''
  const here = await visit(browser, bench.hub, { roles: ['supervisor'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/contractors')
  await page.getByRole('combobox', { name: 'Contractor to supervise' }).click()
  await page.getByRole('option', { name: 'The north-optics' }).click()
  await page.getByRole('textbox', { name: 'Why under supervision' }).fill('Back since Monday')
  await page.getByRole('button', { name: 'Put under supervision' }).click()
  await page.getByRole('article', { name: 'north-optics' }).getByText('Back since Monday').waitFor()
  const asked = { purpose: 'fault_analysis', grant, note: 'The reader is blind at dusk' }
  const opening = json(send(bench.technician, `/v1/captures/${capture}/openings`, asked))
  const question = page.getByRole('article', { name: /Waits now to open the plate/ })
  await question.waitFor()
  if (process.env['SHOTS'] !== undefined)
    await page.screenshot({ path: `${process.env['SHOTS']}/supervision.png`, fullPage: true })
  await page.keyboard.press('a')
  expect((await opening)['picture']).toEqual(expect.any(String))
  await question.waitFor({ state: 'detached' })
  expect(here.troubles).toEqual([])
  await here.close()
})
