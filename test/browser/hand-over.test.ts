/** The devices page leads to a hand-over page, which can be printed, kept as a file and verified. */

import fs from 'node:fs'

import {
  type DeviceAttestation,
  encodeDeviceAttestation,
  signDeviceAttestation,
  verifyDeviceAttestation,
} from '@sallyport/proof/device-attestation'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { startBrowser, visit, type Visit } from '../support/browser.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
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
afterEach(async () => {
  expect(here.troubles).toEqual([])
  await here.close()
})

function statement(): DeviceAttestation {
  return {
    ...{ version: 1, attestation: 'a7'.repeat(16), device: device.id, lane: device.lane },
    ...{ port: device.port, made_at: new Date().toISOString(), state: { kind: 'stopped' } },
    clock: { kind: 'alone' },
    software: { version: '0.1.0', files: 412, sha256: 'e'.repeat(64) },
    ...{ boot: '', unread: [], usb_ports: { ports: 6, taken: 1 }, usb: [], left_out: 0 },
    networks: [{ name: 'eth0', kind: 'wired', link: 'up', address: '02:00:00:00:00:01' }],
    drives: [
      {
        ...{ name: 'sdb', bus: 'usb', bytes: 2_000_398_934_016, maker: 'WD' },
        ...{ model: 'Elements 25A2', serial: '575834314538', mounts: ['/mnt/carry'] },
      },
    ],
    keys: {
      device_public_key: Buffer.from(publicKeyOf(device.seed)).toString('hex'),
      agency_public_key: Buffer.from(hub.hub.parts.keys.agency.publicKey).toString('hex'),
      epochs: { kind: 'none' },
    },
    spool: { waiting: 3, waiting_bytes: 412_000, refused: 0, refused_bytes: 0 },
    directory: {
      ...{ files: 12, bytes: 420_000, skipped: 0, strays: 1 },
      named: [{ kind: 'picture', name: 'spool/photo.jpg', bytes: 8_000 }],
    },
    ...{ events: { last: 0, sha256: '0'.repeat(64), waiting: 0 }, changes: [] },
  }
}

test('R6: a stray photograph and a drive stand on the page; its file is what the device signed', async () => {
  here = await visit(browser, hub, { roles: ['integrator'] })
  const { page } = here
  page.setDefaultTimeout(60_000)
  await page.goto('/devices')
  await page.getByText('Before a computer goes into other hands').waitFor()
  await page.getByRole('banner').getByText('Live', { exact: true }).last().waitFor()
  const bytes = encodeDeviceAttestation(statement())
  const signature = Buffer.from(signDeviceAttestation(device.seed, bytes)).toString('hex')
  const answer = await hub.request(`/v1/devices/${device.id}/attestations`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'application/json', 'sallyport-signature': signature },
  })
  expect(answer.status).toBe(201)
  // It comes to the open page by itself.
  const row = page.getByRole('row').filter({ hasText: 'spool/photo.jpg' })
  await row.getByRole('link').first().click()
  const sheet = page.getByRole('article', { name: 'Hand-over page' })
  await sheet.getByText('Not to be handed over as it is.').waitFor()
  const text = await sheet.innerText()
  for (const said of ['575834314538', '/mnt/carry', '3 wait for the hub', 'Taken over by'])
    expect(text).toContain(said)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Keep as a file' }).click(),
  ])
  const file = JSON.parse(fs.readFileSync(await download.path(), 'utf8')) as Record<string, string>
  const verified = verifyDeviceAttestation(
    publicKeyOf(device.seed),
    Buffer.from(file['statement'] ?? '', 'base64'),
    Buffer.from(file['signature'] ?? '', 'hex'),
  )
  expect(verified.kind).toBe('trusted')
  const shots = process.env['SHOTS']
  if (shots === undefined) return
  await page.screenshot({ path: `${shots}/hand-over.png`, fullPage: true })
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: `${shots}/hand-over-print.png`, fullPage: true })
})
