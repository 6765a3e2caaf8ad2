/** Requested and effective are two times: between them somebody who holds the keystore has not confirmed. */

import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { choose, hourMs, hours, tryOpening } from '../support/retention.ts'

let place: string
let copy: string
let hub: TestHub
let aheadMs = 0

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'sallyport-holders-'))
  copy = await mkdtemp(path.join(place, 'copy-'))
  hub = await startTestHub({
    now: () => new Date(Date.now() + aheadMs),
    settings: { keystoreCopies: [copy] },
  })
}, 60_000)
afterAll(async () => {
  await hub.remove()
  await rm(place, { recursive: true, force: true })
})

type Listed = {
  readonly state: string
  readonly requested_at: string
  readonly effective_at: string | null
  readonly outstanding: readonly { readonly holder: string }[]
}

async function newest(person: Person): Promise<Listed | undefined> {
  const answer = await person.request('/v1/retention/shreddings')
  return ((await answer.json()) as { shreddings: readonly Listed[] }).shreddings[0]
}

test('a copy of the keystore that is away: nobody opens it, and it is not effective before the copy has followed', async () => {
  const device = await enrolTestDevice(hub, 'in-1')
  const { bytes, manifest } = device.bundle()
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  aheadMs = 5 * hourMs
  const privacy = await hub.signIn(['privacy'])
  const auditor = await hub.signIn(['auditor'])
  await choose(privacy, hours({ scene: 2 }))
  await rename(copy, `${copy}-away`)

  const { retention } = hub.hub.parts
  expect(await retention.run()).toBe(1)
  expect(await tryOpening(auditor, scene)).toBe('410 picture_shredded')
  expect(await newest(auditor)).toMatchObject({
    state: 'requested',
    effective_at: null,
    outstanding: [{ holder: expect.stringContaining('copy') as unknown }],
  })
  const status = await auditor.request('/v1/retention')
  expect(await status.json()).toMatchObject({ pending: 1 })
  // A restart forgets nothing of it.
  await hub.restart()
  expect((await newest(auditor))?.state).toBe('requested')

  aheadMs += hourMs
  await rename(`${copy}-away`, copy)
  await hub.hub.parts.retention.run()
  const done = await newest(auditor)
  expect(done).toMatchObject({ state: 'effective', outstanding: [] })
  const betweenMs =
    new Date(done?.effective_at ?? 0).getTime() - new Date(done?.requested_at ?? 0).getTime()
  expect(betweenMs).toBeGreaterThanOrEqual(hourMs)
}, 120_000)
