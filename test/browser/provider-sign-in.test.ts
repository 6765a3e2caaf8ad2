/** Signing in at the agency's provider, with a real browser that goes there and comes back. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { expectShown, startBrowser, visit } from '../support/browser.ts'
import { type ProviderHub, startProviderHub } from '../support/provider-hub.ts'
import { picture } from '../support/visits.ts'

let browser: Browser
let at: ProviderHub
let name: string

beforeAll(async () => {
  at = await startProviderHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await at.remove()
})
beforeEach(() => {
  ;({ name } = at.reset())
})

test('one press goes there and back to the page that was wanted; the answer stays in no address', async () => {
  const here = await visit(browser, at.hub)
  const { page, troubles } = here
  await page.goto('/crossings?lane=in-1')
  await page.getByRole('button', { name: 'Sign in with Border Service' }).waitFor()
  await picture(page, 'sign-in-provider')
  await page.getByRole('button', { name: 'Sign in with Border Service' }).click()
  await page.getByRole('heading', { name: 'Crossings' }).waitFor()
  expect(page.url()).toBe(`${at.hub.origin}/crossings?lane=in-1`)
  await expectShown(page.getByRole('button', { name: new RegExp(name) }))
  expect(await page.evaluate(() => history.length)).toBeLessThan(8)
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await page.context().cookies()).toEqual([])
  expect(ours(troubles)).toEqual([])
  await here.close()
})

test('whoever is not let in reads why and what next, and can use a passkey', async () => {
  at.provider.person['groups'] = ['visitors']
  const here = await visit(browser, at.hub, { expected: [403] })
  const { page, troubles } = here
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in with Border Service' }).click()
  const refusal = page.getByRole('alert')
  await refusal.waitFor()
  await picture(page, 'sign-in-refused')
  expect(await refusal.innerText()).toMatch(/nobody said what you may do here.*sign_in_refused/s)
  expect(new URL(page.url()).search).toBe('')
  await expectShown(page.getByRole('button', { name: 'Sign in with a passkey' }))
  expect(ours(troubles)).toEqual([])
  await here.close()
})

test('a provider that is down is said so, and the passkey’s button stays', async () => {
  at.offsetMs = 3_600_000
  at.provider.status = 503
  const here = await visit(browser, at.hub, { expected: [503] })
  const { page, troubles } = here
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in with Border Service' }).click()
  const refusal = page.getByRole('alert')
  await refusal.waitFor()
  expect(await refusal.innerText()).toMatch(/does not answer.*provider_unreachable/s)
  await expectShown(page.getByRole('button', { name: 'Sign in with a passkey' }))
  expect(troubles).toEqual([])
  await here.close()
})

test('who has an account by invitation connects it once, from the account menu', async () => {
  const here = await visit(browser, at.hub, { roles: ['officer'] })
  const { page, troubles } = here
  await page.goto('/')
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitem', { name: 'Connect with Border Service' }).click()
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.getByRole('menuitem', { name: 'Sign in at a terminal' }).waitFor()
  expect(await page.getByRole('menuitem', { name: /^Connect with/ }).count()).toBe(0)
  expect(ours(troubles)).toEqual([])
  await here.close()
})

/** The provider's own address is another origin, and people are meant to go there. */
function ours(troubles: readonly string[]): readonly string[] {
  return troubles.filter((one) => !one.includes(at.provider.issuer))
}
