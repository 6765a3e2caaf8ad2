/**
 * The policy cases of specs/vectors/policy asked of a live hub through every door: the API, a browser's
 * session, and the command (a few of them; all with SLOW=1, as each is a process).
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { sallyport } from '../support/command.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import {
  askedAt,
  type DoorQuestion,
  type PolicyCase,
  policyCases,
  preparePolicyCases,
} from '../support/policy-cases.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

type Said = {
  readonly decision: string
  readonly code: string | null
  readonly policies: readonly string[]
}

let hub: TestHub
let browser: Browser
let auditor: Person
let page: Visit
let home: string
let prepare: (one: PolicyCase) => Promise<DoorQuestion>

beforeAll(async () => {
  hub = await startTestHub({ console: true, now: () => askedAt })
  prepare = await preparePolicyCases(hub)
  auditor = await hub.signIn(['auditor'])
  browser = await startBrowser()
  page = await visit(browser, hub, { roles: ['auditor'] })
  await page.page.goto('/log', { timeout: 60_000 })
  home = await mkdtemp(path.join(tmpdir(), 'sallyport-doors-'))
  const { url } = await inviteAccount('Test auditor', ['auditor'], hub.hub.parts)
  const signedIn = await sallyport(['sign-in', url], { environment: { XDG_CONFIG_HOME: home } })
  expect(signedIn.code, signedIn.stderr).toBe(0)
})
afterAll(async () => {
  await page.close()
  await browser.close()
  await hub.remove()
  await rm(home, { recursive: true, force: true })
})

async function byApi(question: DoorQuestion): Promise<Said> {
  const answer = await auditor.request('/v1/policy/decisions', {
    method: 'POST',
    body: JSON.stringify(question),
  })
  return (await answer.json()) as Said
}

/** From within a page that the hub served, with the session that the browser holds. */
function byBrowser(question: DoorQuestion): Promise<Said> {
  return page.page.evaluate(async (body) => {
    const answer = await fetch('/v1/policy/decisions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return (await answer.json()) as Said
  }, JSON.stringify(question))
}

async function byCommand(question: DoorQuestion): Promise<Said> {
  const { capture, account, purpose, view, grant } = question
  const named = grant === undefined ? [] : ['--grant', grant]
  const { stdout, code } = await sallyport(
    [
      'grant',
      'explain',
      capture,
      '--purpose',
      purpose,
      '--account',
      account,
      '--view',
      view,
      '--json',
      ...named,
    ],
    { environment: { XDG_CONFIG_HOME: home } },
  )
  const said = JSON.parse(stdout) as Said
  expect(code).toBe(said.decision === 'allow' ? 0 : 3)
  return said
}

/** Doors open pictures; copies and training have no door at all. */
const withDoor = policyCases.filter(({ ask }) => ask?.action === undefined)
const commandEvery = process.env['SLOW'] === '1' ? 1 : 9

test('only export and training have no door', () => {
  expect(policyCases.length - withDoor.length).toBeGreaterThan(0)
  expect(withDoor.length).toBeGreaterThan(30)
})

test.for(withDoor.map((one, at) => [one.name, one, at] as const))('%s', async ([, one, at]) => {
  const question = await prepare(one)
  const answers = [await byApi(question), await byBrowser(question)]
  if (at % commandEvery === 0) answers.push(await byCommand(question))
  for (const { decision, code, policies } of answers) {
    expect(decision === 'allow' ? decision : code).toBe(one.decision)
    if (one.policies !== undefined)
      expect(policies).toEqual(
        one.policies.map((id) => (id === 'grant' ? `grant/${question.grant ?? ''}/1` : id)),
      )
  }
})
