/** The page of calibrations: what is in service and what it promises, to those who may see, on every width. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { expectShown, startBrowser, visit } from '../support/browser.ts'
import { type FaceHub, startFaceHub } from '../support/face-hub.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

let browser: Browser
let here: FaceHub

beforeAll(async () => {
  here = await startFaceHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await here.remove()
})

test('an auditor reads what stands behind the answers, and why production would refuse it', async () => {
  const seen = await visit(browser, here.hub, { roles: ['auditor'] })
  const { page } = seen
  page.setDefaultTimeout(60_000)
  await page.goto('/')
  await expectShown(page.getByRole('navigation', { name: 'Pages' }))
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await expectShown(page.getByRole('heading', { name: 'Calibrations' }))
  await expectShown(page.getByRole('heading', { name: 'Any camera' }))
  await expectShown(page.getByText('none that is trusted here'))
  await expectShown(page.getByText(/refuses: .* is an evaluation model/))
  await expectShown(page.getByRole('row', { name: /^10 people/ }))
  await expectShown(page.getByText(/^Nothing yet, so nothing is known by group either/))
  await page.setViewportSize({ width: 390, height: 844 })
  const past = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth - clientWidth
    })
  await expect.poll(past).toBe(0)
  expect(seen.troubles).toEqual([])
  await seen.close()
})

test('an officer has no such page in the row', async () => {
  const seen = await visit(browser, here.hub, { roles: ['officer'] })
  await seen.page.goto('/')
  await expectShown(seen.page.getByRole('navigation', { name: 'Pages' }))
  expect(await seen.page.getByRole('link', { name: 'Calibrations' }).count()).toBe(0)
  await seen.close()
})
