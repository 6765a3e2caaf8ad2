/** The row of pages: on every width each page is one or two steps away, and nothing sticks out. */

import { roles } from '@sallyport/core/opening'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { expectShown, startBrowser, visit } from '../support/browser.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})

const row = (page: Page) => page.getByRole('navigation', { name: 'Pages' })
const more = (page: Page) => row(page).getByRole('button', { name: 'More pages' })

/** Names of the pages in the row and of those behind "More". */
async function reachable(page: Page): Promise<{ row: string[]; more: string[] }> {
  const inRow = await row(page).getByRole('link').allInnerTexts()
  if ((await more(page).count()) === 0) return { row: inRow, more: [] }
  await more(page).click()
  await expectShown(page.getByRole('menuitem').first())
  const behind = await page.getByRole('menuitem').allInnerTexts()
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  return { row: inRow, more: behind }
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth - clientWidth
  })

test('from a wall to a watch: all pages are there, in their order, and none sticks out', async () => {
  const here = await visit(browser, hub, {
    roles: [...roles],
    context: { viewport: { width: 2200, height: 800 } },
  })
  const { page } = here
  await page.goto('/people')
  await expectShown(row(page))
  const all = (await reachable(page)).row
  expect(all.length).toBeGreaterThan(7)
  for (const width of [1280, 1000, 761, 760, 390, 320, 2200]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => overflow(page)).toBe(0)
    // While the row is measured anew, what moves may be seen at both ends of it.
    await expect
      .poll(async () => Object.values(await reachable(page)).flat(), { message: `at ${width}` })
      .toEqual(all)
    const { row: inRow, more: behind } = await reachable(page)
    expect(inRow.length, `at ${width}`).toBeGreaterThan(1)
    if (behind.length > 0) expect(behind.length, `at ${width}`).toBeGreaterThan(1)
  }
  expect(here.troubles).toEqual([])
  await here.close()
}, 60_000)

test('a page behind "More" is reached by keyboard, and "More" says that one is there', async () => {
  const here = await visit(browser, hub, {
    roles: [...roles],
    context: { viewport: { width: 390, height: 800 } },
  })
  const { page } = here
  await page.goto('/')
  await expectShown(more(page))
  expect(await more(page).getAttribute('data-here')).toBeNull()
  await more(page).focus()
  await page.keyboard.press('Enter')
  await expectShown(page.getByRole('menuitem').first())
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname !== '/')
  const { pathname } = new URL(page.url())
  expect(await more(page).getAttribute('data-here')).toBe('true')
  await more(page).click()
  const current = page.locator('[role="menuitem"][aria-current="page"]')
  expect(await current.getAttribute('href')).toBe(pathname)
  expect(here.troubles).toEqual([])
  await here.close()
})
