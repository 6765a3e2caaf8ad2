/** The visits of one test file to its hub: several people at once, each of them without trouble. */

import path from 'node:path'

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { startBrowser, visit, type Visit, type VisitOptions } from './browser.ts'
import type { TestHub } from './hub.ts'

export type Visits = {
  /** Somebody with a browser of their own. */
  come(options?: VisitOptions): Promise<Page>
  /** All go; fails when one of their pages did what it must not. */
  leave(): Promise<void>
  close(): Promise<void>
}

/** Starts a browser; `waitMs` is how long a page is waited for. */
export async function startVisits(hub: TestHub, waitMs: number): Promise<Visits> {
  const browser = await startBrowser()
  const visits: Visit[] = []
  return {
    async come(options) {
      const here = await visit(browser, hub, options)
      visits.push(here)
      here.page.setDefaultTimeout(waitMs)
      return here.page
    },
    async leave() {
      for (const one of visits.splice(0)) {
        expect(one.troubles).toEqual([])
        await one.close()
      }
    },
    close: () => browser.close(),
  }
}

/** A picture for people to look at, when a folder for them is named. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder !== undefined)
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true })
}
