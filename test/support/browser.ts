/** Real Chromium on a real hub, with an ear on everything that a console must not do. */

import type { Role } from '@sallyport/core/opening'
import { encodeJpeg } from '@sallyport/vision/encode'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'

import { findChromium } from '../../packages/cli/src/chromium.ts'
import type { TestHub } from './hub.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever a page asks for, nothing but this machine answers.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
]

/** Starts Chromium. Without one the test fails and says how to get it: a console is not done untested. */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = await findChromium()
  if (executablePath === null) {
    throw new Error(
      'The browser tests need a Chromium. Debian: apt install chromium. Elsewhere: npx playwright-core install --with-deps chromium, then set SALLYPORT_CHROMIUM to its path.',
    )
  }
  return chromium.launch({ executablePath, args: [...flags, ...more] })
}

export type Visit = {
  readonly page: Page
  /**
   * What the page did that it must not: requests to another origin, errors on its console, breaches
   * of the content security policy, uncaught exceptions. Answers of an expected status are none.
   */
  readonly troubles: string[]
  close(): Promise<void>
}

export type VisitOptions = {
  /** Signs a new account with these roles in before the first page. */
  readonly roles?: readonly Role[]
  /** Whose they are; the agency's where it is absent. */
  readonly affiliation?: { readonly party?: string; readonly unit?: string }
  /** Statuses beside 401 that this journey provokes. */
  readonly expected?: readonly number[]
  /** The hub or the network goes away in this journey: connections that fail are no trouble. */
  readonly hubGoesAway?: boolean
  readonly context?: BrowserContextOptions
}

/** A browser of its own (cookies, storage) with one page. */
export async function visit(
  browser: Browser,
  hub: TestHub,
  options: VisitOptions = {},
): Promise<Visit> {
  const { roles, affiliation, expected = [], hubGoesAway = false } = options
  const context = await browser.newContext({
    baseURL: hub.origin,
    viewport: { width: 1280, height: 900 },
    ...options.context,
  })
  if (roles !== undefined) {
    const { cookie } = await hub.signIn(roles, affiliation)
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url: hub.origin }])
  }
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  return {
    page,
    troubles: listen(page, hub.origin, [401, ...expected], hubGoesAway),
    close: () => context.close(),
  }
}

function listen(
  page: Page,
  origin: string,
  expected: readonly number[],
  hubGoesAway: boolean,
): string[] {
  const troubles: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    const own = url.origin === origin || url.protocol === 'data:' || url.protocol === 'blob:'
    if (!own) troubles.push(`request to ${request.url()}`)
  })
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    const status = /status of (\d{3})/.exec(message.text())?.[1]
    if (status !== undefined && expected.includes(Number(status))) return
    if (
      hubGoesAway &&
      /net::ERR_(CONNECTION|EMPTY|INCOMPLETE|INTERNET_DISCONNECTED)/.test(message.text())
    )
      return
    troubles.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`))
  return troubles
}

/** Waits until something is to be seen; fails naming what never was. */
export function expectShown(what: Locator, timeout?: number): Promise<void> {
  return what.waitFor(timeout === undefined ? {} : { timeout })
}

/** A JPEG of 320 × 180 whose left half is red and whose right half is blue: told from any other. */
export async function redAndBlueJpeg(): Promise<Uint8Array> {
  const [width, height] = [320, 180]
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    data.set(at % width < width / 2 ? [220, 20, 20] : [20, 20, 220], at * 3)
  }
  return encodeJpeg({ width, height, data }, 90)
}

/** Size and the colours left and right of a picture that the page shows, drawn by the page itself. */
export async function pictureShown(
  page: Page,
  selector: string,
): Promise<{ width: number; height: number; left: string; right: string }> {
  return page.locator(selector).evaluate(async (element) => {
    const image = element as HTMLImageElement
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
    const pen = canvas.getContext('2d')
    pen?.drawImage(image, 0, 0)
    const colourAt = (share: number): string => {
      const pixel = pen?.getImageData(canvas.width * share, canvas.height / 2, 1, 1).data
      const [red = 0, , blue = 0] = pixel ?? []
      return red > 150 && blue < 100 ? 'red' : blue > 150 && red < 100 ? 'blue' : 'other'
    }
    return {
      width: canvas.width,
      height: canvas.height,
      left: colourAt(0.25),
      right: colourAt(0.75),
    }
  })
}
