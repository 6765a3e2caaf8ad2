/** Faces at the window: the document's photograph beside the live one, opted out, withheld in secondary. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { addPhotographs, type FaceHub, makeGallery, startFaceHub } from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import type { TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let browser: Browser
let hub: TestHub
let lane: FaceHub
let here: Visit

beforeAll(async () => {
  lane = await startFaceHub({ console: true })
  hub = lane.hub
  await expectPerson(3)
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

/** A passenger list of one, and a gallery with the photograph of their document. */
async function expectPerson(who: number): Promise<void> {
  const supervisor = await hub.signIn(['supervisor'])
  const people = [{ who, surname: 'ERIKSSON' }]
  const gallery = await makeGallery(supervisor, people, { reference: 'DF042', now: new Date() })
  const [photo] = await addPhotographs(supervisor, gallery.id, {
    [`P0000${who}X.jpg`]: await photographOf(who),
  })
  expect(photo?.result).toBe('described')
}

async function atLane(): Promise<Visit> {
  const arrived = await visit(browser, hub, { roles: ['officer'], expected: [403] })
  // A machine under load takes its time over the first page.
  arrived.page.setDefaultTimeout(60_000)
  await arrived.page.goto('/')
  await arrived.page.getByRole('button', { name: 'Start shift here' }).click()
  await arrived.page.getByRole('button', { name: 'End shift' }).waitFor()
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

test('a match is a suggestion: both pictures open with one key, and opting out takes them away', async () => {
  here = await atLane()
  const { page } = here
  const arrive = await lane.sealedCrossing([3], 'FACES01')
  const began = performance.now()
  await arrive()
  const faces = page.getByRole('region', { name: 'Faces' })
  await faces.getByText('May be ERIKSSON ANNA, passport …003X. Compare them.').waitFor()
  const tookMs = performance.now() - began
  if (process.env['SALLYPORT_TIMES'] !== undefined)
    console.info(`from delivery to the card: ${Math.round(tookMs)} ms`)
  expect(await faces.innerText()).toMatch(/Evaluation model.*not checked/s)
  expect(await faces.innerText()).not.toMatch(/%|0\.\d/)
  await page.keyboard.press('i')
  await faces.getByRole('img', { name: 'Face: at the lane' }).waitFor()
  await faces.getByRole('img', { name: 'Face: on the document of ERIKSSON ANNA' }).waitFor()
  await shoot('faces-match')
  await page.keyboard.press('x')
  await page.waitForTimeout(800)
  await page.keyboard.press('t')
  await page.getByText('Opted out: no face is held. Check the document by eye.').first().waitFor()
  await faces.getByText('Opted out: no face is held.').waitFor()
  const row = await hub.hub.parts.db
    .selectFrom('window_standing')
    .select('forgotten_at')
    .executeTakeFirstOrThrow()
  expect(row.forgotten_at).not.toBeNull()
})

test('in secondary the outcome waits for one’s own eyes', async () => {
  here = await atLane()
  const { page } = here
  const arrive = await lane.sealedCrossing([3], 'FACES02')
  await arrive()
  const faces = page.getByRole('region', { name: 'Faces' })
  await faces.getByText(/^May be ERIKSSON ANNA/).waitFor()
  await page.waitForTimeout(800)
  await page.keyboard.press('f')
  await page.getByRole('dialog').getByText('Person to be compared by eye').waitFor()
  await page.keyboard.press('1')
  await page.getByText('Referred: person to be compared by eye').first().waitFor()
  await page.goto('/secondary')
  await faces.getByText('Shown when you have recorded what you see.').waitFor()
  expect(await page.getByText('ERIKSSON').count()).toBe(0)
  await page.getByRole('radio', { name: 'The same person' }).check()
  await page.getByRole('button', { name: /^Record as/ }).click()
  await faces.getByText(/^May be ERIKSSON ANNA/).waitFor()
  await shoot('faces-secondary')
  // The face was searched among many: one pair of eyes is not enough for an officer to take over.
  await page.getByRole('radio', { name: /^An officer takes it/ }).check()
  await page.getByRole('button', { name: /^Close as/ }).click()
  await page.getByText(/a second person has to look and find the same/).waitFor()
})
