/** Signing in: the one-time link, passkeys, and the way out. */

import { generateKeyPairSync } from 'node:crypto'

import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { signInWith } from '../../packages/cli/src/session/session.ts'
import { expectShown, startBrowser, visit, type Visit } from '../support/browser.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub
let here: Visit

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})
beforeEach(async () => {
  here = await visit(browser, hub)
})
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

/** A fresh link for a new account, by a supervisor who is somewhere else. */
async function invitation(name: string): Promise<string> {
  const supervisor = await hub.signIn(['supervisor'])
  const answer = await supervisor.request('/v1/invitations', {
    method: 'POST',
    body: JSON.stringify({ name, roles: ['supervisor', 'officer'] }),
  })
  return ((await answer.json()) as { url: string }).url
}

/** A security key that is always touched at once. */
async function authenticator(
  page: Page,
): Promise<{ devtools: CDPSession; authenticatorId: string }> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { devtools, authenticatorId }
}

test('without a session every page leads to the sign-in page, and back after it', async () => {
  const { page } = here
  await page.goto('/crossings?lane=in-1')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  const { cookie } = await hub.signIn(['supervisor'])
  const [name = '', value = ''] = cookie.split('=')
  await page.context().addCookies([{ name, value, url: hub.origin }])
  await page.reload()
  await page.getByRole('button', { name: /^Continue as/ }).click()
  await page.getByRole('heading', { name: 'Crossings' }).waitFor()
  expect(page.url()).toBe(`${hub.origin}/crossings?lane=in-1`)
})

test('the link that the hub printed signs in once; its token does not stay in the address', async () => {
  const { page } = here
  const link = hub.hub.link?.url ?? ''
  await page.goto(link)
  await page.getByRole('heading', { name: 'Welcome, Administrator' }).waitFor()
  expect(page.url()).not.toContain('token')
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByRole('heading', { name: 'No lanes yet' }).waitFor()

  const second = await visit(browser, hub)
  await second.page.goto(link)
  const refusal = second.page.getByRole('alert')
  await refusal.waitFor()
  expect(await refusal.innerText()).toMatch(/did not sign you in.*link_not_valid/s)
  expect(await second.page.context().cookies()).toEqual([])
  expect(second.troubles).toEqual([])
  await second.close()
})

test('the session cookie is out of reach of scripts and of other sites', async () => {
  const { page } = here
  await page.goto(await invitation('Cookie holder'))
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  expect(await page.context().cookies()).toMatchObject([
    { name: 'sallyport_session', httpOnly: true, sameSite: 'Strict' },
  ])
  expect(await page.evaluate(() => document.cookie)).toBe('')
})

test('a link opened while somebody else is signed in asks before it changes who is', async () => {
  const { page } = here
  await page.goto(await invitation('First person'))
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  await page.goto(await invitation('Second person'))
  await page.getByRole('heading', { name: 'Sign in with this link?' }).waitFor()
  await page.getByRole('button', { name: 'Stay First person' }).click()
  await expectShown(page.getByRole('button', { name: /First person/ }))
})

test('a passkey is registered after the first link, and signs in from then on', async () => {
  const { page } = here
  await authenticator(page)
  await page.goto(await invitation('Key holder'))
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()

  await page.getByRole('button', { name: /Key holder/ }).click()
  await page.getByRole('menuitem', { name: 'Add another passkey' }).waitFor()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(await page.context().cookies()).toEqual([])

  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expectShown(page.getByRole('button', { name: /Key holder/ }))
  expect(new URL(page.url()).pathname).toBe('/')
})

test('a passkey that this hub does not know is refused with what to do', async () => {
  const { page } = here
  const { devtools, authenticatorId } = await authenticator(page)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await devtools.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: Buffer.from('somebody else').toString('base64'),
      isResidentCredential: true,
      rpId: 'localhost',
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      userHandle: Buffer.from('nobody').toString('base64'),
      signCount: 1,
    },
  })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  const refusal = page.getByRole('alert')
  await refusal.waitFor()
  expect(await refusal.innerText()).toMatch(/passkey_not_valid/)
})

test('a link for the own terminal is made, shown and gone with its dialog', async () => {
  const person = await visit(browser, hub, { roles: ['officer'] })
  const { page } = person
  await page.goto('/')
  await page.getByRole('button', { name: /Account menu/ }).click()
  await page.getByRole('menuitem', { name: 'Sign in at a terminal' }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  const shown = page.getByText(/\/sign-in#token=/)
  await shown.waitFor()
  const { who } = await signInWith(await shown.innerText(), {}, {})
  expect(who.account.roles).toEqual(['officer'])
  await page.keyboard.press('Escape')
  await shown.waitFor({ state: 'detached' })
  expect(person.troubles).toEqual([])
  await person.close()
})
