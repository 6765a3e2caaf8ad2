/** Travellers who are looked for, in the console: asked for with a photograph, seen at the window, judged by two. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { type FaceHub, startFaceHub } from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import { atLane, judgeTraveller, openBoth, travellerHits } from '../support/travellers.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let browser: Browser
let lane: FaceHub
let here: Visit

beforeAll(async () => {
  lane = await startFaceHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await lane.remove()
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

async function come(role: 'officer' | 'supervisor', expected: readonly number[] = []) {
  const arrived = await visit(browser, lane.hub, { roles: [role], expected })
  // A machine under load takes its time over the first page.
  arrived.page.setDefaultTimeout(60_000)
  return arrived
}

async function shoot(name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder === undefined) return
  const { page } = here
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${folder}/${name}-dark-narrow.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 900 })
}

test('a supervisor looks for somebody by a photograph, and a picture of nobody is refused with the reason', async () => {
  here = await come('supervisor', [422])
  const { page } = here
  await page.goto('/watch/travellers')
  await page.getByRole('button', { name: 'Look for a traveller…' }).click()
  const dialog = page.getByRole('dialog')
  const save = dialog.getByRole('button', { name: 'Put in force' })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Missing person')
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill('State police 17/26')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('ROE JANE')
  expect(await save.isDisabled()).toBe(true)
  const choose = (name: string, buffer: Uint8Array) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'image/jpeg', buffer: Buffer.from(buffer) })
  await choose('broken.jpg', (await photographOf(3)).slice(0, 300))
  await save.click()
  await dialog.getByText('Not put in force').waitFor()
  await choose('roe.jpg', await photographOf(3))
  await dialog.getByRole('img', { name: 'The photograph that was chosen' }).waitFor()
  await shoot('traveller-seek')
  await save.click()
  const row = page.getByRole('region', { name: 'Who is looked for' }).getByRole('row', {
    name: /ROE JANE/,
  })
  await row.waitFor()
  expect(await row.innerText()).toMatch(/Missing person.*State police 17\/26/s)
  await shoot('traveller-entries')
})

test('an officer is told at the window by whom and why, compares both pictures with keys, and one verdict is none', async () => {
  here = await come('officer')
  const { page } = here
  await page.goto('/')
  await page.getByRole('button', { name: 'Start shift here' }).click()
  await page.getByRole('button', { name: 'End shift' }).waitFor()
  const crossing = await (await lane.sealedCrossing([3], 'SOUGHT1'))()
  const faces = page.getByRole('region', { name: 'Faces' })
  await faces.getByText('Look yourself: may resemble somebody who is looked for.').waitFor()
  expect(await faces.innerText()).toMatch(/ROE JANE.*Missing person \(State police 17\/26\)/s)
  await shoot('traveller-window')
  await page.getByRole('alert').getByRole('link', { name: 'Look' }).click()
  const match = page.getByRole('region', { name: 'Possible match of a traveller' })
  await match.getByText('State police 17/26: Missing person').waitFor()
  await page.keyboard.press('o')
  await match.getByRole('img', { name: 'Face: at the lane' }).waitFor()
  await match.getByRole('img', { name: 'Face: who is looked for' }).waitFor()
  expect(await match.innerText()).not.toMatch(/%|0\.\d/)
  await shoot('traveller-hit')
  await page.keyboard.press('y')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Confirm as/ })
    .click()
  await match.getByText('Another person looks, and is not told what you said.').waitFor()
  const second = await atLane(lane.hub)
  const [hit] = (await travellerHits(lane.hub, second)).hits
  if (hit?.crossing.id !== crossing) throw new Error('the match waits for the second person')
  await openBoth(second, hit)
  expect((await judgeTraveller(second, hit, 'confirmed')).state).toBe('confirmed')
  const judged = page.getByRole('region', { name: 'Judged' })
  await judged.getByText('The same person').waitFor()
  expect(await judged.getByRole('listitem').count()).toBe(2)
  await shoot('traveller-judged')
})
