/** Deciding on plates from the keyboard: never unseen, never twice, and back again. */

import { createHash } from 'node:crypto'

import { readBody } from '@sallyport/store/vault/placed'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import {
  pictureShown,
  redAndBlueJpeg,
  startBrowser,
  visit,
  type Visit,
} from '../support/browser.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { crossWith, decide, unreadableReads, unsureReads, type Waiting } from '../support/review.ts'

let browser: Browser
let hub: TestHub
let device: TestDevice
let picture: Uint8Array
let here: Visit

beforeAll(async () => {
  browser = await startBrowser()
  picture = await redAndBlueJpeg()
})
afterAll(() => browser.close())
beforeEach(async () => {
  hub = await startTestHub({ console: true })
  device = await enrolTestDevice(hub, 'in-1')
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
  await hub.remove()
})

const wait = (texts: readonly [string, ...string[]], reason?: string): Promise<Waiting> =>
  crossWith(hub, device, unsureReads(texts, reason), picture)

async function verdictOn({ crossing }: Waiting) {
  const rows = await hub.hub.parts.db
    .selectFrom('verdict')
    .select(['kind', 'text', 'jurisdiction', 'picture_sha256'])
    .where('crossing', '=', crossing)
    .where('state', '=', 'logged')
    .orderBy('log_index')
    .execute()
  return rows.map(({ kind, text }) => (text === null ? kind : `${kind} ${text}`))
}

/** Opens the plate picture and waits until a key may decide on it. */
async function look(page: Page): Promise<void> {
  await page.keyboard.press('o')
  await page.getByRole('img', { name: 'Plate picture, opened for review' }).waitFor()
  await page.waitForTimeout(400)
}

const current = (page: Page) => page.getByRole('region', { name: 'Plate under review' })

test('plate after plate from the keyboard: confirm, choose, type, mark unreadable, undo', async () => {
  const fourth = await crossWith(hub, device, unreadableReads(), picture)
  const third = await wait(['TYPE1', 'TYPEI'])
  const second = await wait(['KO0L42', 'K00L42', 'KO0L4Z'])
  const first = await wait(['CONF1', 'C0NF1'])
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/review')
  await page.getByText('4 plates wait for a person').waitFor()

  // Nothing is decided on a picture that nobody saw.
  await current(page).getByText('Open the picture before you decide').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('A verdict is on a picture that you have seen').waitFor()
  expect(await verdictOn(first)).toEqual([])

  await look(page)
  expect(await pictureShown(page, '.sp-review-picture[data-class=plate] img')).toMatchObject({
    left: 'red',
    right: 'blue',
  })
  await page.keyboard.press('Enter')
  await page.getByText('Recorded:').waitFor()
  await page.getByText('3 plates wait for a person').waitFor()
  expect(await verdictOn(first)).toEqual(['confirmed CONF1'])
  expect(await page.getByRole('img', { name: /opened for review/ }).count()).toBe(0)

  await current(page)
    .getByRole('button', { name: /K O 0 L 4 Z/ })
    .waitFor()
  await look(page)
  await page.keyboard.press('2')
  await page.getByText('2 plates wait for a person').waitFor()
  expect(await verdictOn(second)).toEqual(['corrected KO0L4Z'])

  // Taken back, the plate lies there again, closed.
  await page.keyboard.press('u')
  await page.getByText('3 plates wait for a person').waitFor()
  await current(page)
    .getByRole('button', { name: /K O 0 L 4 Z/ })
    .waitFor()
  expect(await verdictOn(second)).toEqual(['corrected KO0L4Z', 'withdrawn'])
  await look(page)
  await page.keyboard.press('1')
  await page.getByText('2 plates wait for a person').waitFor()
  expect((await verdictOn(second)).at(-1)).toBe('corrected K00L42')

  await current(page)
    .getByRole('button', { name: /T Y P E I/ })
    .waitFor()
  await look(page)
  await page.keyboard.press('e')
  await page.keyboard.type('typ-e7')
  await page.getByText('Against the vote:').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.type('US-TX')
  await page.keyboard.press('Enter')
  await page.getByText('1 plate waits for a person').waitFor()
  expect(await verdictOn(third)).toEqual(['corrected TYPE7'])

  await current(page).getByText('No plate found').waitFor()
  await look(page)
  await page.keyboard.press('n')
  await page.getByText('No plate waits.').waitFor()
  expect(await verdictOn(fourth)).toEqual(['unreadable'])
  await page.getByText('Nothing waits here').waitFor()
})

test('the hash on the page is that of the sealed body in the vault, as the lane signed it', async () => {
  const { crossing } = await wait(['HASH1', 'HASHI'])
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/review')
  await current(page).getByText('as the lane signed it').nth(1).waitFor()
  const shown = await page
    .locator('[data-sha256]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-sha256')))
  const { db, vault } = hub.hub.parts
  const rows = await db
    .selectFrom('capture')
    .selectAll()
    .where('crossing', '=', crossing)
    .where('class', 'in', ['plate', 'scene'])
    .orderBy('class')
    .execute()
  const stored = await Promise.all(
    rows.map(async (row) => {
      const read = await readBody(vault, row, row, async () => null)
      if (read.kind !== 'body') throw new Error(read.detail)
      return createHash('sha256').update(read.body).digest('hex')
    }),
  )
  expect(shown).toEqual(stored)
})

test('a hub that names another picture than the lane signed for is found out', async () => {
  await wait(['FAKE1', 'FAKEI'])
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.route('**/v1/reviews/*', async (route) => {
    const answer = await route.fetch()
    const text = await answer.text()
    const [sha256] = /"class":"plate",[^}]*"sha256":"([0-9a-f]{64})"/.exec(text)?.slice(1) ?? []
    await route.fulfill({ response: answer, body: text.replaceAll(sha256 ?? '?', 'a'.repeat(64)) })
  })
  await page.goto('/review')
  await page.getByText('The lane signed for another picture under this name.').waitFor()
  expect(await page.getByText('as the lane signed it').count()).toBe(1)
  // The page may read again while it is closed.
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('of two officers on one plate the second is told, and their page goes on', async () => {
  const older = await wait(['OLDER1', 'OLDERI'])
  const newer = await wait(['NEWER1', 'NEWERI'])
  here = await visit(browser, hub, { roles: ['officer'], expected: [409] })
  const { page } = here
  await page.goto('/review')
  await current(page)
    .getByRole('button', { name: /N E W E R I/ })
    .waitFor()
  await look(page)
  // The claim is no lock: the other takes it over as one would whose clock ran out.
  await hub.hub.parts.db.deleteFrom('review_claim').execute()
  const other = await hub.signIn(['supervisor'])
  expect((await decide(other, newer, 'NEWERI')).status).toBe(201)
  await page.getByText('Test supervisor has decided on this plate.').waitFor()
  await page.keyboard.press('Enter')
  expect(await verdictOn(newer)).toEqual(['corrected NEWERI'])
  await page.keyboard.press('j')
  await current(page)
    .getByRole('button', { name: /O L D E R I/ })
    .waitFor()

  // What somebody else looks at is not offered.
  const third = await wait(['THIRD1', 'THIRDI'])
  await other.request(`/v1/reviews/${third.crossing}/claim`, { method: 'PUT' })
  await page.getByText('Test supervisor is looking').waitFor()
  await look(page)
  await page.keyboard.press('Enter')
  await page.getByText('Nothing is left for you').waitFor()
  expect(await verdictOn(older)).toEqual(['confirmed OLDER1'])
})

test('what arrives is counted at once and does not move what lies in front of somebody', async () => {
  await wait(['FIRST1'])
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/review')
  await current(page)
    .getByRole('button', { name: /F I R S T 1/ })
    .waitFor()
  await wait(['SECOND2'], 'stencil_disagrees')
  await page.getByText('2 plates wait for a person').waitFor()
  await page.getByRole('link', { name: /Review.*2/ }).waitFor()
  expect(
    await current(page)
      .getByRole('button', { name: /F I R S T 1/ })
      .count(),
  ).toBe(1)
  await page.getByLabel('Why it waits').first().click()
  await page.getByRole('option', { name: 'Stencil disagrees (1)' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('region', { name: 'Queue' }).getByText('SECOND2').waitFor()
  expect(await page.getByRole('region', { name: 'Queue' }).getByRole('listitem').count()).toBe(1)
})

test('a verdict stands beside the machine’s reading in the list and on the page of the crossing', async () => {
  const item = await wait(['SHOWN1', 'SHOWNI'])
  const officer = await hub.signIn(['officer'])
  here = await visit(browser, hub, { roles: ['auditor'] })
  const { page } = here
  await page.goto('/crossings')
  const row = page.getByRole('table').getByRole('row').nth(1)
  await row.locator('.sp-kind').waitFor()
  expect((await decide(officer, item, 'SHOWNI')).status).toBe(201)
  // Without a reload.
  await row.getByTitle('Test officer: corrected').waitFor()
  expect(await row.innerText()).toMatch(/S\s?H\s?O\s?W\s?N\s?1[^]*S\s?H\s?O\s?W\s?N\s?I/)
  await row.getByRole('link').click()
  await page.getByText(/corrected by Test officer/).waitFor()
  expect(await page.getByText('Unsure: read by eye').count()).toBe(1)
  expect(await page.getByRole('link', { name: 'Review' }).count()).toBe(0)
})

const looks = (['light', 'dark'] as const).flatMap((scheme) =>
  ([1280, 390] as const).map((width) => [scheme, width] as const),
)
test.each(looks)('in %s at %i pixels everything is in sight', async (scheme, width) => {
  await crossWith(hub, device, unreadableReads(), picture)
  await wait(['LONGPLATE123', 'LONGPLATEI23', 'L0NGPLATE123', 'LONGPLTE123', 'LONGPLATE12'])
  here = await visit(browser, hub, {
    roles: ['officer', 'supervisor'],
    context: { colorScheme: scheme, viewport: { width, height: 900 } },
  })
  const { page } = here
  await page.goto('/review')
  await current(page).waitFor()
  await look(page)
  await page.keyboard.press('e')
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBeLessThanOrEqual(0)
  const shots = process.env['SALLYPORT_SHOTS']
  if (shots !== undefined)
    await page.screenshot({ path: `${shots}/review-${scheme}-${width}.png`, fullPage: true })
})
