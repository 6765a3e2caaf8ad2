/** Whether a release may be made: nothing without two others, nothing to a key that does not hold, nothing to a contractor. */

import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { json, send } from '../support/grant-hub.ts'
import { startReleaseHub } from '../support/release-hub.ts'

const court = generateIdentity()
let at: Awaited<ReturnType<typeof startReleaseHub>>
/** Marking and reading marks is work for a loaded machine. */
const timeout = 180_000

beforeAll(async () => {
  at = await startReleaseHub()
}, timeout)
afterAll(() => at.hub.remove())

test(
  'whoever asked cannot approve, nor can somebody of a unit that spoke, and one approval makes nothing',
  { timeout },
  async () => {
    const to = await at.recipient()
    const id = String((await at.ask({ recipient: to, captures: [await at.capture()] }))['id'])
    const same = await at.hub.signIn(['privacy'], { unit: 'operations' })
    const again = await at.hub.signIn(['privacy'], { unit: 'privacy office' })
    expect(await json(at.approve(at.requester, id))).toMatchObject({ code: 'signs_own_proposal' })
    expect(await json(at.approve(same, id))).toMatchObject({ code: 'signs_for_same_unit' })
    expect((await at.approve(at.privacy, id)).status).toBe(204)
    expect(await json(at.approve(again, id))).toMatchObject({ code: 'signs_for_same_unit' })
    const early = await json(send(at.requester, `/v1/releases/${id}/making`))
    expect(early).toMatchObject({ code: 'needs_second_person' })
    expect((await at.requester.request(`/v1/releases/${id}/package`)).status).toBe(409)
    const refusals = (await at.entries(id)).filter(({ kind }) => kind === 'release_refused')
    expect(refusals.map(({ policies }) => policies)).toEqual([
      ['approvers-of-different-units', 'requester-never-approves'],
      ['approvers-of-different-units'],
      ['approvers-of-different-units'],
      ['release-needs-two-approvers'],
    ])
  },
)

test('two of one unit that approve at the same moment count as one', { timeout }, async () => {
  const to = await at.recipient()
  const id = String((await at.ask({ recipient: to, captures: [await at.capture()] }))['id'])
  const again = await at.hub.signIn(['privacy'], { unit: 'privacy office' })
  const answers = await Promise.all([at.approve(at.privacy, id), at.approve(again, id)])
  expect(answers.map(({ status }) => status)).toContain(204)
  expect(await json(send(at.requester, `/v1/releases/${id}/making`))).toMatchObject({
    code: 'needs_second_person',
  })
})

test.each([
  ['a secret key', generateIdentity().identity, 'recipient_not_valid'],
  ['a key with a letter changed', `${court.recipient.slice(0, -1)}q`, 'recipient_not_valid'],
  ['a point of low order', `age1${'q'.repeat(52)}`, 'recipient_not_valid'],
  ['a passphrase', 'correct horse battery staple', 'recipient_not_valid'],
  ['a key that is known already', court.recipient, 'already_exists'],
])('copies are never sealed to %s', { timeout }, async (_, key, code) => {
  await at.recipient(court.recipient)
  const asked = { party: 'other-court', name: 'Other Court', contact: 'clerk', key }
  expect(await json(send(at.requester, '/v1/recipients', asked))).toMatchObject({ code })
})

test(
  'a key that was revoked is sealed to no more, although two approved, and is never taken again',
  { timeout },
  async () => {
    const { recipient: key } = generateIdentity()
    const to = await at.recipient(key)
    const id = await at.release({ recipient: to, captures: [await at.capture()] })
    expect((await send(at.privacy, `/v1/recipients/${to}/revocation`)).status).toBe(204)
    expect(await json(send(at.requester, `/v1/releases/${id}/making`))).toMatchObject({
      code: 'recipient_not_valid',
    })
    const asked = { party: 'district-court', name: 'District Court', contact: 'clerk', key }
    expect(await json(send(at.requester, '/v1/recipients', asked))).toMatchObject({
      code: 'already_exists',
    })
  },
)

test('R7, R10: no copy goes to a contractor, nor by one', { timeout }, async () => {
  const party = { id: 'gate-works', kind: 'prime', parent: 'agency', name: 'G', contact: 'desk' }
  expect((await send(at.requester, '/v1/parties', party)).status).toBe(201)
  const key = generateIdentity().recipient
  const asked = { party: 'gate-works', name: 'Gate Works', contact: 'desk', key }
  expect(await json(send(at.requester, '/v1/recipients', asked))).toMatchObject({
    code: 'never_for_contractors',
  })
  const technician = await at.hub.signIn(['supervisor'], { party: 'gate-works', unit: 'x' })
  const to = await at.recipient()
  const refused = await json(
    send(technician, '/v1/releases', {
      recipient: to,
      purpose: 'court',
      basis: 'work order',
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      captures: [await at.capture()],
    }),
  )
  expect(refused).toMatchObject({ code: 'never_for_contractors' })
})

test('rows and log say the same of releases', { timeout }, async () => {
  expect(await at.findings()).toEqual([])
})
