/** The log page: proofs are checked in the browser, and what does not hold is refused with a reason. */

import { readFile } from 'node:fs/promises'

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { expectShown, redAndBlueJpeg, startBrowser, visit, type Visit } from '../support/browser.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub
let here: Visit
/** An opening's entry and receipt, as a person kept them. */
let kept: { entry: Buffer; receipt: string; index: number }

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
  const device = await enrolTestDevice(hub, 'in-1')
  await deliver(hub, device.bundle({ picture: await redAndBlueJpeg() }).bytes)
  const auditor = await hub.signIn(['auditor'])
  const { crossings } = (await (await auditor.request('/v1/crossings')).json()) as {
    crossings: { captures: { id: string }[] }[]
  }
  const opened = await auditor.request(`/v1/captures/${crossings[0]?.captures[0]?.id}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'audit' }),
  })
  const answer = (await opened.json()) as { entry: string; receipt: string; log_index: number }
  kept = {
    entry: Buffer.from(answer.entry, 'base64'),
    receipt: answer.receipt,
    index: answer.log_index,
  }
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

async function verifyKept(page: Page, receipt: string, entry: string): Promise<string> {
  await page.getByText('A receipt I kept').click()
  await page.getByRole('textbox', { name: /Receipt/ }).fill(receipt)
  await page.getByRole('textbox', { name: /Entry/ }).fill(entry)
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  const verdict = page.getByText(/^(Verified|Not verified|Not checked)/).first()
  await verdict.waitFor()
  return page.locator('form').filter({ hasText: 'Verify' }).locator('..').innerText()
}

test('an entry is fetched by its number and its proof computed here', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto(`/log?entry=${kept.index}`)
  await page.getByText('Verified', { exact: true }).waitFor()
  await expectShown(page.getByText(/picture was opened for audit/))
})

test('a kept receipt verifies with the network cut off', async () => {
  here = await visit(browser, hub, { roles: ['officer'], hubGoesAway: true })
  const { page } = here
  await page.goto('/log')
  await page.getByRole('heading', { name: 'Verify in this browser' }).waitFor()
  await page.context().setOffline(true)
  expect(await verifyKept(page, kept.receipt, kept.entry.toString('utf8'))).toMatch(
    /Verified\s+Entry/,
  )
  await page.context().setOffline(false)
})

test.each<[string, (receipt: string, entry: string) => [string, string]]>([
  ['an entry with another purpose', (r, e) => [r, e.replace('"audit"', '"incident"')]],
  ['an entry with one space more', (r, e) => [r, e.replace('{', '{ ')]],
  [
    'a proof for another index',
    (r, e) => [r.replace(/^index \d+$/m, (line) => `index ${Number(line.slice(6)) - 1}`), e],
  ],
  [
    'a proof with another hash',
    (r, e) => [r.replace(/^([A-Za-z0-9+/]{43}=)$/m, `${'A'.repeat(43)}=`), e],
  ],
  [
    'a signature that was changed',
    (r, e) => [r.replace(/(— \S+ )([A-Za-z0-9+/]{12})/, '$1AAAAAAAAAAAA'), e],
  ],
  ['half a receipt', (r, e) => [r.slice(0, r.length / 2), e]],
])('%s is not verified, and the page says why', async (_name, tamper) => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/log')
  const [receipt, entry] = tamper(kept.receipt, kept.entry.toString('utf8'))
  expect([receipt, entry]).not.toEqual([kept.receipt, kept.entry.toString('utf8')])
  const said = await verifyKept(page, receipt, entry)
  expect(said).toMatch(/Not verified\s+\S.{10,}/)
})

test('a receipt of another log is refused under the key that was kept', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await page.goto('/log')
  await page.getByText('A receipt I kept').click()
  const key = page.getByRole('textbox', { name: 'Log key' })
  const own = await key.inputValue()
  expect(own).toBe(hub.hub.parts.journal.vkey)
  await key.fill('example.com/log+e79b0d9f+AbtlUKLYgLtJ1hX7mW2bHfMbPPyYFkYH7zn7lNKVbxHX')
  expect(await verifyKept(page, kept.receipt, kept.entry.toString('utf8'))).toMatch(/Not verified/)
})

test('the downloads of an opening are the exact bytes that verify', async () => {
  here = await visit(browser, hub, { roles: ['auditor'] })
  const { page } = here
  await page.goto('/log')
  await page
    .getByRole('link', { name: 'Scene' })
    .or(page.getByRole('link', { name: 'Plate' }))
    .first()
    .click()
  await page.getByRole('button', { name: 'Open…' }).last().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Log and open' }).click()
  await page.locator('article img').waitFor()
  const files: string[] = []
  for (const name of ['Download receipt', 'Download entry']) {
    const started = page.waitForEvent('download')
    await page.getByRole('button', { name }).click()
    files.push(await readFile(await (await started).path(), 'utf8'))
  }
  const [receipt = '', entry = ''] = files
  await page.goto('/log')
  expect(await verifyKept(page, receipt, entry)).toMatch(/Verified\s+Entry/)
})

test('the browser remembers the log and proves that it only grew', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/log')
  await page.getByText(/now remembers the log/).waitFor()
  await hub.signIn(['officer'])
  await page.reload()
  await expectShown(page.getByText(/It has only grown/))
})

test('a log that was rolled back is called out', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/log')
  await page.getByText(/now remembers the log/).waitFor()
  // What a browser remembers of a log that has since been rewritten: another root at this size.
  await page.evaluate(() => {
    const seen = JSON.parse(localStorage.getItem('sallyport-log-seen') ?? '{}') as {
      root: string
    }
    const changed = seen.root.startsWith('0') ? '1' : '0'
    localStorage.setItem(
      'sallyport-log-seen',
      JSON.stringify({ ...seen, root: `${changed}${seen.root.slice(1)}` }),
    )
  })
  await page.reload()
  await expectShown(page.getByText('The log does not hold.'))
})

test('every opening and refusal is listed for an auditor with its log entry', async () => {
  here = await visit(browser, hub, { roles: ['auditor'] })
  const { page } = here
  await page.goto('/log')
  const row = page.getByRole('row').filter({ hasText: 'Audit' }).last()
  await row.getByRole('link', { name: String(kept.index), exact: true }).click()
  await expectShown(page.getByText('Verified', { exact: true }))
})
