/** Rules for those who cross often, on the page: read aloud, proposed by one, agreed by another unit. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { type FaceHub, startFaceHub } from '../support/face-hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let browser: Browser
let lane: FaceHub

beforeAll(async () => {
  lane = await startFaceHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await lane.remove()
})

async function onGalleries(role: 'supervisor' | 'privacy', unit: string): Promise<Visit> {
  const here = await visit(browser, lane.hub, { roles: [role], affiliation: { unit } })
  here.page.setDefaultTimeout(60_000)
  await here.page.goto('/galleries')
  await here.page.getByRole('heading', { name: 'Frequent crossers' }).waitFor()
  return here
}

async function shoot({ page }: Visit, name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder === undefined) return
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: `${folder}/${name}-dark.png`, fullPage: true })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${folder}/${name}-dark-narrow.png`, fullPage: true })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 900 })
}

test('nobody is looked for before two people of different units said so, and one of them ends it', async () => {
  const ann = await onGalleries('supervisor', 'Operations')
  const form = ann.page.getByRole('region', { name: 'Frequent crossers' })
  await form.getByText('No rule: nobody is looked for because they cross often.').waitFor()
  await form.getByRole('button', { name: 'Propose a rule' }).click()
  await form.getByLabel('To', { exact: true }).selectOption('14:00')
  // What would not be taken is said before it is sent.
  await form.getByText('At most 6 hours').waitFor()
  await form.getByLabel('To', { exact: true }).selectOption('09:00')
  await form.getByText('Mon to Fri 06:00 to 09:00').waitFor()
  await shoot(ann, 'frequent-form')
  await form.getByLabel('Why').fill('Commuters of the early shift')
  await form.getByRole('button', { name: 'Propose it' }).click()
  await form.getByText('Waits for somebody of another unit').waitFor()
  await form.getByText('Somebody of another unit has to agree.').waitFor()
  expect(await form.getByRole('button', { name: 'Agree' }).count()).toBe(0)

  const bob = await onGalleries('privacy', 'Privacy office')
  const rules = bob.page.getByRole('region', { name: 'Frequent crossers' })
  await shoot(bob, 'frequent-proposed')
  await rules.getByRole('button', { name: 'Agree as' }).click()
  await rules.getByText('In force', { exact: true }).waitFor()
  await rules.getByText('(Privacy office)').waitFor()
  await shoot(bob, 'frequent-in-force')
  await rules.getByRole('button', { name: 'End now' }).click()
  await rules.getByText('Ended', { exact: true }).waitFor()
  expect([...ann.troubles, ...bob.troubles]).toEqual([])
  await ann.close()
  await bob.close()
})
