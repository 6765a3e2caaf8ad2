/** The watch pages: a plate is put on the list after its preview, a crossing may be it, a person says so. */

import { mkdir } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { redAndBlueJpeg, startBrowser, visit, type Visit } from '../support/browser.ts'
import { enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { cross, inDays, madeEntry } from '../support/watch.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let browser: Browser
let hub: TestHub
let device: TestDevice
let picture: Uint8Array
let here: Visit

beforeAll(async () => {
  hub = await startTestHub({ console: true })
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

/** Pictures for people to look at, when a folder for them is named. */
async function shoot(name: string): Promise<void> {
  const folder = process.env['SALLYPORT_SCREENSHOTS']
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await here.page.screenshot({ path: `${folder}/${name}.png` })
}

test('a supervisor sees every misread before an entry can be saved, and saves exactly that', async () => {
  await crossed('B0SS77')
  here = await come({ roles: ['supervisor'] })
  const { page } = here
  await page.goto('/watch/entries')
  await page.getByRole('button', { name: 'Look for a plate…' }).click()
  const dialog = page.getByRole('dialog')
  const save = dialog.getByRole('button', { name: /^Put in force/ })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Reported stolen')
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill('State police, case 44-118')
  expect(await save.isDisabled()).toBe(true)
  await dialog.getByRole('textbox', { name: 'Plate' }).fill('boss-77')
  await dialog.getByText('Accepts 7 plates; 1 crossing in 30 days').waitFor()
  await dialog.getByRole('radio', { name: 'Two characters mistaken' }).check()
  await dialog.getByText(/^Accepts 19 plates/).waitFor()
  expect(await dialog.getByRole('region', { name: 'Preview' }).getByRole('listitem').count()).toBe(
    19,
  )
  await shoot('make')
  await save.click()
  await dialog.waitFor({ state: 'hidden' })
  const row = page.getByRole('row').filter({ hasText: 'case 44-118' })
  await row.getByText('19 plates').waitFor()
  await shoot('entries')
  await row.getByRole('button', { name: 'Withdraw…' }).click()
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Found again')
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await row.waitFor({ state: 'detached' })
})

test('a possible match appears above any page, and says that it is not confirmed', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  here = await come({ roles: ['officer'] })
  const { page } = here
  await madeEntry(supervisor, {
    plate: 'KITE218',
    jurisdiction: 'mx-bcn',
    issuer: 'Fiscalía de Tijuana, 2026/8817',
    reason: 'Vehicle used in a robbery on 19 November',
  })
  await page.goto('/')
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await crossed('K1TE218')
  const notice = page.getByRole('alert')
  await notice.getByText('Possible match, not confirmed.').waitFor()
  expect(await notice.innerText()).toMatch(/Nothing follows from it before a person has looked/)
  await shoot('notice')
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await page.getByRole('heading', { name: 'Possible match, not confirmed' }).waitFor()
  const hit = page.getByRole('region', { name: 'Possible match' })
  await hit.getByText('1 of 7 characters differs: place 2 (1 for I).').waitFor()
  expect(await hit.innerText()).toMatch(
    /Looked for: MX-BCN\. On the plate: US 90 %\. They disagree/,
  )
  expect(await hit.innerText()).toMatch(/Vehicle used in a robbery/)
})

test('by keyboard: nobody confirms unseen; the picture is opened, compared, and the verdict carries the name', async () => {
  here = await come({ roles: ['officer'] })
  const { page } = here
  await page.goto('/watch')
  const confirm = page.getByRole('button', { name: /^It is this plate/ })
  await confirm.waitFor()
  expect(await confirm.isDisabled()).toBe(true)
  await shoot('hit-closed')
  await page.keyboard.press('y')
  await page.getByText('Open the picture first').waitFor()
  await page.keyboard.press('o')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Secondary' }).check()
  await dialog.getByRole('button', { name: 'Log and open' }).click()
  await page.getByRole('img', { name: /^Plate picture, opened for secondary/ }).waitFor()
  await expect.poll(() => confirm.isDisabled(), { timeout: 60_000 }).toBe(false)
  await shoot('hit-open')
  await page.keyboard.press('y')
  await dialog.getByRole('textbox', { name: /Note/ }).fill('Same plate, same car')
  await shoot('judge')
  await dialog.getByRole('button', { name: 'Confirm as Test officer' }).click()
  await page.getByRole('heading', { name: 'No possible match waits' }).waitFor()
  await page.getByRole('link', { name: 'Judged' }).click()
  const row = page.getByRole('row').filter({ hasText: 'K I T E 2 1 8' })
  await row.getByText('Confirmed').waitFor()
  expect(await row.innerText()).toMatch(/Test officer/)
  expect(await row.innerText()).toMatch(/Same plate, same car/)
  await shoot('judged')
})

test('a list is walked with j and k, and one is rejected without a look', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  await madeEntry(supervisor, { plate: 'WALK01' })
  for (const plate of ['WALK01', 'WALKO1', 'WA1K01']) await crossed(plate)
  here = await come({ roles: ['supervisor'] })
  const { page } = here
  await page.goto('/watch')
  const current = page.getByRole('region', { name: 'Waiting' }).locator('[aria-current=true]')
  await current.getByText('W A 1 K 0 1').waitFor()
  await page.keyboard.press('j')
  await current.getByText('W A L K O 1').waitFor()
  await page.keyboard.press('k')
  await current.getByText('W A 1 K 0 1').waitFor()
  await page.keyboard.press('d')
  await page.getByRole('dialog').getByRole('button', { name: 'Reject as Test supervisor' }).click()
  const listed = page.getByRole('region', { name: 'Waiting' }).getByRole('listitem')
  await expect.poll(() => listed.count(), { timeout: 60_000 }).toBe(2)
  await current.getByText('W A L K O 1').waitFor()
})

test('a file of entries is checked, its wrong lines are named, and a right one is imported whole', async () => {
  here = await come({ roles: ['supervisor'], expected: [422] })
  const { page } = here
  await page.goto('/watch/entries')
  await page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = page.getByRole('dialog')
  const day = inDays(20).slice(0, 10)
  const file = (lines: string) => ({
    name: 'list.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`plate,issuer,reason,expires_at\n${lines}`),
  })
  const choose = async (lines: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser')
    await dialog.getByRole('button', { name: 'Choose a file…' }).click()
    await (await chooser).setFiles(file(lines))
  }
  await choose(`CSV001,Customs,Unpaid duty,${day}\nCSV!,Customs,Unpaid duty,${day}\n`)
  await dialog.getByText('Line 3', { exact: true }).waitFor()
  await shoot('import-refused')
  expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
  await choose(`CSV001,Customs,Unpaid duty,${day}\nCSV002,Customs,Unpaid duty,${day}\n`)
  await dialog.getByText(/2 entries, all in order/).waitFor()
  await dialog.getByRole('button', { name: 'Import 2 entries' }).click()
  await page.getByRole('row').filter({ hasText: 'C S V 0 0 2' }).waitFor()
})

test('an officer sees no list and no way to make an entry; an auditor may not judge', async () => {
  here = await come({ roles: ['officer'] })
  await here.page.goto('/watch')
  await here.page.getByRole('link', { name: 'Judged' }).waitFor()
  expect(await here.page.getByRole('link', { name: 'Entries' }).count()).toBe(0)
  await here.close()
  here = await come({ roles: ['auditor'] })
  await here.page.goto('/watch')
  await here.page.getByRole('heading', { name: 'Possible match, not confirmed' }).waitFor()
  expect(await here.page.getByRole('button', { name: /^It is/ }).count()).toBe(0)
  await here.page.getByRole('link', { name: 'Entries' }).click()
  await here.page.getByRole('row').first().waitFor()
  expect(await here.page.getByRole('button', { name: /Look for a plate|Withdraw/ }).count()).toBe(0)
})

const widths = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }

test.each(
  (['light', 'dark'] as const).flatMap((scheme) =>
    (['wide', 'phone'] as const).map((width) => [scheme, width] as const),
  ),
)('in %s on a %s screen every part fits', async (scheme, width) => {
  here = await come({
    roles: ['officer', 'supervisor'],
    context: { colorScheme: scheme, viewport: widths[width] },
  })
  const { page } = here
  for (const part of ['', '/entries', '/judged']) {
    await page.goto(`/watch${part}`)
    await page.getByRole('heading', { name: 'Watch', level: 1 }).waitFor()
    await page.getByRole('main').locator('.sp-marked').first().waitFor()
    const over = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth - clientWidth
    })
    expect({ part, over }).toEqual({ part, over: 0 })
    await page.waitForTimeout(300)
    await shoot(`${scheme}-${width}${part.replace('/', '-')}`)
  }
})
