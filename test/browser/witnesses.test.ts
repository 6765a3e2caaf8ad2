/** The log page under a witness: what is cosigned is checked in the browser, and trouble is seen. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type RunningWitness, runWitness } from '@sallyport/hub/witness/witness-fixture'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { expectShown, startBrowser, visit } from '../support/browser.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub
let witness: RunningWitness
let folder: string
let policyFile: string | undefined

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sallyport-witnessed-page-'))
  hub = await startTestHub({ console: true, logPolicy: () => policyFile })
  browser = await startBrowser()
  witness = await runWitness(path.join(folder, 'w1'), hub.hub.parts.journal.vkey)
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
  await witness.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('without witnesses the page says that nobody else vouches for the log', async () => {
  const here = await visit(browser, hub, { roles: ['auditor'] })
  await here.page.goto('/log')
  await expectShown(here.page.getByText('Nobody. No witness is set'))
  expect(here.troubles).toEqual([])
  await here.close()
})

test('a cosignature is checked in the browser; a forged one is called broken, not believed', async () => {
  policyFile = path.join(folder, 'policy')
  writeFileSync(policyFile, `witness W1 ${witness.cosigner.vkey} ${witness.url}\nquorum W1\n`)
  await hub.restart()
  const { journal, witnessed } = hub.hub.parts
  await witnessed?.witnessing.witnessed(journal.size())
  const here = await visit(browser, hub, { roles: ['auditor'] })
  const { page } = here
  await page.goto('/log')
  await expectShown(page.getByText(/cosigned by 1 of 1 witness, checked in this browser; 1 must/))
  await expectShown(
    page
      .getByRole('listitem')
      .filter({ hasText: /W1/ })
      .filter({ hasText: /Cosigned/ }),
  )

  await page.route('**/v1/log/witnesses', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { note: string }
    const lines = body.note.trimEnd().split('\n')
    const last = lines.pop() ?? ''
    const forged = last.replace(/.{8}==$|.{8}=$|.{8}$/, (end) => end.replace(/^.{4}/, 'AAAA'))
    await route.fulfill({ json: { ...body, note: `${[...lines, forged].join('\n')}\n` } })
  })
  await page.reload()
  await expectShown(page.getByRole('alert').filter({ hasText: 'does not hold' }))
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  expect(here.troubles).toEqual([])
  await here.close()
})
