/** A site that is no border, before two people have recorded a ground: no face is described or compared. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { ask, type FaceHub, makeGallery, startFaceHub } from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import { ruleTerms } from '../support/frequent-hub.ts'
import type { Person } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let supervisor: Person

beforeAll(async () => {
  here = await startFaceHub({ settings: { siteType: 'campus' } })
  supervisor = await here.hub.signIn(['supervisor'])
})
afterAll(() => here.remove())

test('a photograph is described only when the ground is agreed to, and no more when it has ended', async () => {
  const people = [{ who: 3, surname: 'PERSON3' }]
  const gallery = await makeGallery(supervisor, people, { reference: 'DF042', now: new Date() })
  const picture = Buffer.from(await photographOf(3)).toString('base64')
  const send = () =>
    ask<{ code?: string; described?: number }>(supervisor, `/v1/galleries/${gallery.id}/photos`, {
      photos: [{ name: 'P00003X.jpg', picture }],
    })
  const ground = { document: 'Order 12', responsible: 'Data office', dated: '2026-10-01' }
  const named = await ask<{ id: string }>(supervisor, '/v1/face-bases', ground)
  expect(await send()).toMatchObject({ status: 409, code: 'faces_off' })
  const privacy = await here.hub.signIn(['privacy'])
  await ask(privacy, `/v1/face-bases/${named.id}/agreement`, {})
  expect(await send()).toMatchObject({ status: 200, described: 1 })
  await ask(privacy, `/v1/face-bases/${named.id}/end`, {})
  expect(await send()).toMatchObject({ status: 409, code: 'faces_off' })
})

test('nobody proposes to look for those who cross often without a ground', async () => {
  expect(await ask(supervisor, '/v1/frequent-rules', ruleTerms)).toMatchObject({
    status: 409,
    code: 'faces_off',
  })
})

test('no stored face is compared without a ground', async () => {
  expect(await ask(supervisor, '/v1/face-calibrations', { purpose: 'evaluation' })).toMatchObject({
    status: 409,
    code: 'faces_off',
  })
})
