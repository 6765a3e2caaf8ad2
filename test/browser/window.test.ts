/** At the window and in secondary: one key each, undo that can be seen to run out, own eyes first. */

import { mkdir } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { redAndBlueJpeg, startBrowser, visit, type Visit } from '../support/browser.ts'
import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { cross } from '../support/watch.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let browser: Browser
let hub: TestHub
let device: TestDevice
let picture: Uint8Array
let here: Visit

beforeAll(async () => {
  hub = await startTestHub({
    console: true,
    settings: { siteType: 'campus', contact: 'Redress desk, box 4, Otay Mesa' },
  })
  browser = await startBrowser()
  picture = await redAndBlueJpeg()
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

const crossed = (plate: string) => cross(hub, device, plate, readsOf(plate), picture)

async function come(options: Parameters<typeof visit>[2]): Promise<Visit> {
  const arrived = await visit(browser, hub, options)
  // A machine under load takes its time over the first page.
  arrived.page.setDefaultTimeout(60_000)
  return arrived
}

/** Pictures for people to look at, when a folder for them is named: light, dark and narrow. */
async function shoot(name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  const { page } = here
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: `${folder}/${name}-dark.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${folder}/${name}-narrow.png`, fullPage: true })
  await page.setViewportSize({ width: 1280, height: 900 })
}

test('by keyboard: admit, undo, refer with a reason; each by name and in the log', async () => {
  await crossed('WINDOW1')
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/')
  await page.getByRole('button', { name: 'Start shift here' }).click()
  const verdicts = page.getByRole('group', { name: 'Verdict at the window' })
  await verdicts.getByText('Waits for your decision.').waitFor()
  await shoot('window-waiting')
  // A press right after an arrival counts for nothing; here the crossing has been there for a while.
  await page.waitForTimeout(1000)
  await page.keyboard.press('p')
  const undo = verdicts.getByRole('button', { name: /^Undo: Admitted/ })
  await undo.waitFor()
  expect(await undo.innerText()).toMatch(/\b(10|[1-9]) s/)
  await page.keyboard.press('u')
  await verdicts.getByText('Waits for your decision.').waitFor()
  await undo.waitFor({ state: 'detached' })

  await page.keyboard.press('f')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('It says nothing against the traveller.').waitFor()
  await shoot('window-refer')
  await dialog.getByRole('textbox', { name: 'Note (optional)' }).fill('Photograph is old')
  await dialog.getByRole('button', { name: /^Document to be looked at/ }).focus()
  await page.keyboard.press('4')
  await verdicts.getByText('Referred: document to be looked at').first().waitFor()
  await shoot('window-referred')
})

test('opting out is one key, and nobody is told less for it', async () => {
  await crossed('OPTOUT1')
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/')
  await page.getByRole('button', { name: 'Start shift here' }).click()
  const verdicts = page.getByRole('group', { name: 'Verdict at the window' })
  await verdicts.getByText('Waits for your decision.').waitFor()
  await page.waitForTimeout(1000)
  await page.keyboard.press('t')
  await verdicts.getByText('Opted out: no face is held.').waitFor()
  expect(await verdicts.getByRole('button', { name: 'Opt out' }).isDisabled()).toBe(true)
  expect(await verdicts.getByRole('button', { name: /^Undo/ }).count()).toBe(0)
  expect(await verdicts.getByRole('button', { name: 'Admit' }).isEnabled()).toBe(true)
  await page.keyboard.press('p')
  await verdicts.getByRole('button', { name: /^Undo: Admitted/ }).waitFor()
  await shoot('window-opted-out')
})

test('in secondary one’s own finding comes first; then the referral is closed and can be explained', async () => {
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/secondary')
  const referral = page.getByRole('region', { name: 'Referral' })
  await referral.getByRole('heading', { name: 'Document to be looked at' }).waitFor()
  expect(await referral.innerText()).toMatch(/Photograph is old/)
  expect(await page.getByRole('heading', { name: 'How does it end?' }).count()).toBe(0)
  await shoot('secondary-look')
  await referral.getByRole('radio', { name: 'The same person' }).check()
  await referral.getByRole('button', { name: /^Record as/ }).click()
  await referral.getByRole('heading', { name: 'How does it end?' }).waitFor()
  await shoot('secondary-close')
  await referral.getByRole('link', { name: 'Explanation to print' }).click()
  const sheet = page.getByRole('article', { name: 'Explanation' })
  await sheet.getByText('a document had to be looked at more closely.').waitFor()
  expect(await sheet.innerText()).toMatch(/Redress desk, box 4, Otay Mesa/)
  await page.getByText('Español').click()
  await sheet.getByText('Que le pidan pasar no dice nada en su contra.').waitFor()
  await shoot('secondary-explanation')
  await page.getByText('Français').click()
  await sheet.getByText('Être prié d’entrer ne dit rien contre vous.').waitFor()
  await page.getByRole('link', { name: 'Secondary' }).last().click()
  await referral.getByRole('radio', { name: 'Goes on', exact: true }).check()
  await referral.getByRole('checkbox', { name: 'The document’s data' }).check()
  await referral.getByRole('button', { name: /^Close as/ }).click()
  await page.getByRole('heading', { name: 'Nobody waits' }).waitFor()
  await page.getByRole('link', { name: 'Closed' }).click()
  await page.getByRole('region', { name: 'Referral' }).getByText('Closed: goes on').waitFor()
  await shoot('secondary-closed')
  await page.getByRole('link', { name: 'Times and outcomes' }).click()
  await page.getByText('Too few to say whether opting out takes longer.').waitFor()
  await shoot('secondary-figures')
})

test('a sign says what is on; a ground needs two people, and its first one is told so', async () => {
  here = await come({ roles: ['privacy'] })
  const { page } = here
  await page.goto('/signs')
  const sign = page.getByRole('article', { name: 'Sign' })
  await sign.getByText('Faces are not compared here.').waitFor()
  expect(await sign.innerText()).toMatch(/nothing is deleted by itself/)
  await page.getByText('Français').click()
  await sign.getByText('Les visages ne sont pas comparés ici.').waitFor()
  const bases = page.getByRole('region', { name: 'Ground for faces' })
  await bases.getByRole('textbox', { name: 'Document that allows it' }).fill('Campus order 12')
  await bases.getByRole('textbox', { name: 'Who answers for it' }).fill('Data office')
  await bases.getByLabel('Dated').fill('2026-10-01')
  await bases.getByRole('button', { name: 'Name this ground' }).click()
  await bases.getByText('Another person has to agree.').waitFor()
  expect(await bases.getByRole('button', { name: /^Agree as/ }).isDisabled()).toBe(true)
  await shoot('signs')
})
