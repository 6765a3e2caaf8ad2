/** The devices page: health, alarms, adding and revoking a lane's device; and people. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { deliver, enrolByCode, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let browser: Browser
let hub: TestHub
let device: TestDevice
let here: Visit

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  browser = await startBrowser()
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(async () => {
  await browser.close()
  await hub.remove()
})

/** With SHOTS=folder: how it looks, light, dark and narrow. */
async function savePictures(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS']
  if (folder === undefined) return
  await page.screenshot({ path: `${folder}/${name}.png` })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: `${folder}/${name}-dark.png` })
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.screenshot({ path: `${folder}/${name}-narrow.png` })
  if (size !== null) await page.setViewportSize(size)
}
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

test('health of a device: state, camera, spool and clock are said in words', async () => {
  here = await visit(browser, hub, { roles: ['integrator'] })
  const { page } = here
  await sendHeartbeat(hub, device, {
    sent_at: new Date(Date.now() - 20_000).toISOString(),
    spool: {
      bundles: 12,
      bytes: 4_000_000,
      oldest_at: new Date(Date.now() - 60_000).toISOString(),
    },
  })
  await page.goto('/devices')
  const row = page.getByRole('row').filter({ hasText: 'Lane in-1' })
  await row.getByText('Online').waitFor()
  const said = await row.innerText()
  expect(said).toMatch(/12/)
  expect(said).toMatch(/test 1\.0/)
  expect(said).toMatch(/20(\.\d)? s/)
})

test('an alarm appears while the page is open, with what to do, and is acknowledged by name', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/devices')
  await page.getByRole('heading', { name: 'Devices' }).waitFor()
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  await sendHeartbeat(hub, device, { camera: 'gone' })
  const alarm = page.getByRole('article').filter({ hasText: 'Camera gone' })
  await alarm.waitFor()
  expect(await alarm.innerText()).toMatch(/Check camera, cable and power/)
  await alarm.getByRole('button', { name: 'Acknowledge…' }).click()
  await alarm.getByRole('textbox').fill('cable replaced')
  await alarm.getByRole('button', { name: 'Acknowledge', exact: true }).click()
  await alarm.waitFor({ state: 'detached' })
  const { alarms } = (await (
    await (await hub.signIn(['auditor'])).request('/v1/alarms')
  ).json()) as { alarms: { kind: string; acknowledged: { by: string; note: string } | null }[] }
  expect(alarms.find(({ kind }) => kind === 'camera_gone')?.acknowledged).toMatchObject({
    by: 'Test supervisor',
    note: 'cable replaced',
  })
})

test('an officer sees alarms but cannot put them away', async () => {
  here = await visit(browser, hub, { roles: ['officer'] })
  const { page } = here
  await sendHeartbeat(hub, device, { alarms: ['disk of the lane is failing'] })
  await page.goto('/devices')
  const alarm = page.getByRole('article').filter({ hasText: 'disk of the lane' })
  await alarm.waitFor()
  expect(await page.getByRole('button', { name: /Acknowledge/ }).count()).toBe(0)
  expect(await page.getByRole('button', { name: /Add a lane|Revoke/ }).count()).toBe(0)
})

test('a lane is added, its code enrols a device, and the dialog says when it arrived', async () => {
  here = await visit(browser, hub, { roles: ['integrator'] })
  const { page } = here
  await page.goto('/devices')
  await page.getByRole('button', { name: 'Add a lane' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Lane 4 North')
  expect(await dialog.getByRole('textbox', { name: 'Id' }).inputValue()).toBe('lane-4-north')
  await dialog.getByRole('radio', { name: 'Out' }).check()
  await dialog.getByRole('button', { name: 'Add the lane and make a code' }).click()
  const command = await dialog.locator('pre').innerText()
  expect(command).toContain(`npx sallyport lane add --hub ${hub.origin} --code SP1-`)
  await dialog.getByText('Waiting for the device…').waitFor()
  const code = /SP1-\S+/.exec(command)?.[0] ?? ''
  const enrolled = await enrolByCode(code, 'lane-4-north', (where, init) =>
    hub.request(where, init),
  )
  await dialog.getByText('The device has enrolled.').waitFor()
  await dialog.getByText('Waiting for its first crossing…').waitFor()
  await sendHeartbeat(hub, enrolled, {
    gauge: {
      frames_per_second: 5,
      plate: {
        seen_at: new Date().toISOString(),
        width_px: 55.2,
        sharpness: 0.4,
        tilt_deg: 3,
        contrast: 0.5,
        clipped_light: 0,
        clipped_dark: 0,
        surely: false,
      },
    },
  })
  const gauge = dialog.getByRole('region', { name: 'How the camera sees plates' })
  await gauge.getByText('the plate is 55 px wide, from 80 px on').waitFor()
  expect(await gauge.innerText()).toMatch(/Sharpness: 0\.40\s+good, needs 0\.25/)
  await savePictures(page, 'lane-add')
  expect((await deliver(hub, enrolled.bundle().bytes)).status).toBe(201)
  await dialog.getByText('Its first crossing is here').waitFor()
})

test('a device is revoked with a reason, and what it sends is refused from then on', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  const stolen = await enrolTestDevice(hub, 'out-9')
  expect((await deliver(hub, stolen.bundle().bytes)).status).toBe(201)
  await page.goto('/devices')
  const row = page.getByRole('row').filter({ hasText: 'Lane out-9' })
  await row.getByRole('button', { name: 'Revoke…' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: 'Revoke device' }).isDisabled()).toBe(true)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('stolen from the booth')
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Revoke device' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await row.getByText('Revoked').waitFor()
  const refused = await deliver(hub, stolen.bundle().bytes)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ code: 'device_revoked' })
})

test('a supervisor invites somebody, whose link signs in with exactly those roles', async () => {
  here = await visit(browser, hub, { roles: ['supervisor'] })
  const { page } = here
  await page.goto('/people')
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Auditor')
  await page.getByRole('checkbox', { name: 'Auditor' }).check()
  await page.getByRole('button', { name: 'Make a one-time link' }).click()
  const link = await page.locator('pre').innerText()
  await page.getByRole('row').filter({ hasText: 'Ada Auditor' }).waitFor()

  const guest = await visit(browser, hub)
  await guest.page.goto(link)
  await guest.page.getByRole('heading', { name: 'Welcome, Ada Auditor' }).waitFor()
  await guest.page.getByRole('button', { name: 'Later' }).click()
  await guest.page.getByRole('navigation', { name: 'Pages' }).waitFor()
  expect(await guest.page.getByRole('link', { name: 'People' }).count()).toBe(0)
  await guest.page.getByRole('button', { name: /Ada Auditor/ }).click()
  await guest.page.getByRole('menu').getByText('Auditor', { exact: true }).waitFor()
  expect(guest.troubles).toEqual([])
  await guest.close()
})
