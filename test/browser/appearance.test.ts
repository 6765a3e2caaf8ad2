/** Every page in light and dark, on a wide screen and on a phone; and what the console may not reach. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { redAndBlueJpeg, startBrowser, visit } from '../support/browser.ts'
import { deliver, enrolTestDevice, readsOf } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub
let crossing: string

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
  const picture = await redAndBlueJpeg()
  for (const lane of ['in-1', 'in-2', 'out-1']) {
    const device = await enrolTestDevice(hub, lane)
    for (const plate of ['ABC1234', 'LONGPLATE123']) {
      await deliver(hub, device.bundle({ plate, picture }).bytes)
    }
    const unsure = { ...readsOf('B8D0OQ1'), plate: unsurePlate() }
    const { bytes, manifest } = device.bundle({
      reads: Buffer.from(JSON.stringify(unsure)),
      picture,
    })
    await deliver(hub, bytes)
    crossing = manifest.crossing
    await sendHeartbeat(hub, device, {
      camera: 'gone',
      alarms: ['a-very-long-word-from-a-lane-'.repeat(6)],
    })
  }
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})

function unsurePlate(): unknown {
  const { plate } = readsOf('B8D0OQ1')
  if (plate.kind === 'unreadable') throw new Error('these reads have a plate')
  const characters = plate.characters.map((one) => ({
    ...one,
    confidence: 0.5,
    alternatives: [
      { character: '8', confidence: 0.3 },
      { character: 'Q', confidence: 0.15 },
    ],
  }))
  return { ...plate, kind: 'unsure', reason: 'low_confidence', characters }
}

const widths = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }
const pages = {
  live: () => '/',
  crossings: () => '/crossings',
  crossing: () => `/crossings/${crossing}`,
  log: () => '/log',
  devices: () => '/devices',
  people: () => '/people',
  integrations: () => '/integrations',
}
const cases = (['light', 'dark'] as const).flatMap((scheme) =>
  (['wide', 'phone'] as const).map((width) => [scheme, width] as const),
)

test.each(cases)(
  'in %s on a %s screen every page fits and has its text in sight',
  async (scheme, width) => {
    const here = await visit(browser, hub, {
      roles: ['officer', 'supervisor', 'auditor', 'integrator'],
      context: { colorScheme: scheme, viewport: widths[width] },
    })
    const { page } = here
    for (const [name, address] of Object.entries(pages)) {
      await page.goto(address())
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
      await page.waitForLoadState('load')
      const seen = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement
        const [red = 0, green = 0, blue = 0] = (
          getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []
        ).map(Number)
        return {
          over: scrollWidth - clientWidth,
          bright: (red + green + blue) / 3 > 128,
          text: document.body.innerText.length,
        }
      })
      expect({ name, over: seen.over, bright: seen.bright }).toEqual({
        name,
        over: 0,
        bright: scheme === 'light',
      })
      expect(seen.text, name).toBeGreaterThan(50)
    }
    expect(here.troubles).toEqual([])
    await here.close()
  },
  60_000,
)

test('the choice of a theme is kept over a reload and does not flash', async () => {
  const here = await visit(browser, hub, {
    roles: ['supervisor'],
    context: { colorScheme: 'light' },
  })
  const { page } = here
  await page.goto('/')
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByText('Dark', { exact: true }).click()
  await page.waitForFunction(
    () => document.documentElement.dataset['mantineColorScheme'] === 'dark',
  )
  // Before any script of the application runs, the page is dark already.
  await page.route('**/assets/*.js', (route) => route.abort())
  await page.goto('/', { waitUntil: 'domcontentloaded' })
  expect(await page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe(
    'dark',
  )
  await here.close()
})

test('every address of the console can be reloaded and answers with the policy that guards it', async () => {
  for (const address of [...Object.values(pages).map((one) => one()), '/sign-in']) {
    const answer = await hub.request(address)
    expect(answer.status, address).toBe(200)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  }
})

test('the policy stops what gets into a page, and these tests would notice it', async () => {
  const here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page, troubles } = here
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
  expect(troubles).toEqual([])
  const ran = await page.evaluate(async (origin) => {
    const marks = globalThis as unknown as { marked?: boolean }
    const script = document.createElement('script')
    script.textContent = 'globalThis.marked = true'
    document.body.append(script)
    const elsewhere = `${origin.replace(/:\d+$/, ':1')}/leak`
    const left = await fetch(elsewhere, { mode: 'no-cors' }).then(
      () => true,
      () => false,
    )
    return { script: marks.marked === true, left }
  }, hub.origin)
  expect(ran).toEqual({ script: false, left: false })
  expect(troubles.join('\n')).toMatch(/Content Security Policy/)
  await here.close()
})

test('a page that is not there says so and leads back', async () => {
  const here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/nowhere/at/all')
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await page.getByRole('main').innerText()).toMatch(/no page/i)
  expect(await page.getByRole('main').getByRole('link').count()).toBeGreaterThan(0)
  expect(here.troubles).toEqual([])
  await here.close()
})
