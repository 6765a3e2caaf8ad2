/** One's own picture before a lane of the demo: dropped on the page, or from a webcam that Chromium makes up. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { systemClock } from '@sallyport/lane/clock'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { insertLane } from '@sallyport/store/lanes'
import { encodeJpeg } from '@sallyport/vision/encode'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startBrowser, visit } from '../support/browser.ts'
import { drawnPass, type DrawnPass } from '../support/drawn-lane.ts'
import { freePort, startTestHub, type TestHub } from '../support/hub.ts'
import { type LaneProcess, startLaneProcess } from '../support/lane-process.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let hub: TestHub
let lane: LaneProcess
let browser: Browser
let folder: string
let dropped: DrawnPass
let filmed: DrawnPass

beforeAll(async () => {
  const [port, token] = [await freePort(), randomBytes(24).toString('hex')]
  hub = await startTestHub({
    console: true,
    settings: { pictureLane: { lane: 'own-1', port, token } },
  })
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-own-'))
  dropped = await drawnPass('b', 28)
  filmed = await drawnPass('b', 29)
  await startOwnLane(port, token)
  // Chromium plays the file in turn as if a camera sent it.
  const film = path.join(folder, 'webcam.mjpeg')
  const jpeg = await encodeJpeg(filmed.picture, 92)
  await writeFile(film, Buffer.concat([jpeg, jpeg, jpeg]))
  browser = await startBrowser([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ])
})
afterAll(async () => {
  await browser.close()
  await lane.stop()
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})

async function startOwnLane(port: number, token: string): Promise<void> {
  const { parts } = hub.hub
  await insertLane(parts.db, {
    id: 'own-1',
    name: 'Your pictures',
    port: parts.port.id,
    direction: 'in',
    kind: 'vehicle',
    created_at: new Date(),
  })
  const { code } = await makeEnrolmentCode('own-1', parts)
  const directory = path.join(folder, 'lane')
  const enrolled = await enrol(
    { hub: hub.origin, code, directory },
    { ask, files: durableFiles, clock: systemClock, random: randomBytes },
  )
  if (enrolled.kind === 'refused') throw new Error(enrolled.detail)
  await writeFile(path.join(directory, 'push.token'), `${token}\n`, { mode: 0o600 })
  lane = startLaneProcess(directory, `push:${port}`)
  await lane.until(({ event }) => event === 'lane_started')
}

async function atLivePage() {
  const here = await visit(browser, hub, { roles: ['officer'] })
  here.page.setDefaultTimeout(90_000)
  await here.page.goto('/')
  await here.page.getByRole('region', { name: 'Your own picture' }).waitFor()
  return here
}

/** As a screen reader says it. */
const spoken = (plate: string) => Array.from(plate).join(' ')

test('a picture dropped on the page is sealed at the lane, read, and on its card', async () => {
  const here = await atLivePage()
  const { page, troubles } = here
  const picture = Buffer.from(await encodeJpeg(dropped.picture, 92)).toString('base64')
  const transfer = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], 'mine.jpg', { type: 'image/jpeg' }))
    return data
  }, picture)
  await page.locator('.sp-own-drop').dispatchEvent('drop', { dataTransfer: transfer })
  await page.getByText('Sealed at the lane').waitFor()
  const card = page.getByRole('article', { name: 'Your pictures' })
  await card.getByRole('img', { name: spoken(dropped.plate) }).waitFor()
  expect(troubles).toEqual([])
  await here.close()
})

test('a file that is no picture is refused with the reason, and the page goes on', async () => {
  const here = await atLivePage()
  const { page, troubles } = here
  await page
    .getByLabel('Picture file')
    .setInputFiles({ name: 'mine.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('words') })
  await page.getByText('The lane did not take it').waitFor()
  expect(troubles.filter((one) => !/status of 4\d\d/.test(one))).toEqual([])
  await here.close()
})

test('the webcam is asked for when it is wanted, its picture goes the same way, and it is given back', async () => {
  const here = await atLivePage()
  const { page, troubles } = here
  await page.getByRole('button', { name: 'Use my webcam' }).click()
  const video = page.getByLabel('Your webcam, seen by this page only')
  await video.waitFor()
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await page.getByRole('button', { name: 'Put this before the lane' }).click()
  await page.getByText('Sealed at the lane').waitFor()
  const card = page.getByRole('article', { name: 'Your pictures' })
  await card.getByRole('img', { name: spoken(filmed.plate) }).waitFor()
  const live = await page.evaluateHandle(
    () => (document.querySelector('video')?.srcObject as MediaStream | null)?.getTracks()[0],
  )
  await page.getByRole('button', { name: 'Stop the webcam' }).click()
  expect(await live.evaluate((track) => track?.readyState)).toBe('ended')
  expect(troubles).toEqual([])
  await here.close()
})
