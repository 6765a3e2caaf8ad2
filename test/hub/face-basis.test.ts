/** Where faces may be compared: at a border, or on a ground that two people recorded. Signs say what is on. */

import { parseEntry } from '@sallyport/proof/entry'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let ann: Person
let bob: Person
const ground = { document: 'Campus order 12', responsible: 'Data office', dated: '2026-10-01' }

beforeAll(async () => {
  hub = await startTestHub({ settings: { siteType: 'campus', contact: 'Redress desk, box 4' } })
  ann = await hub.signIn(['privacy'])
  bob = await hub.signIn(['supervisor'])
})
afterAll(() => hub.remove())

async function post(person: Person, where: string, body: unknown = {}) {
  const answer = await person.request(where, { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, ...(await answer.json()) } as {
    status: number
    id?: string
    state?: string
    code?: string
    proposed?: { log_index: number }
  }
}

const read = async <T>(where: string) => (await (await ann.request(where)).json()) as T

test('one person’s word turns nothing on, a second person’s does, and either turns it off', async () => {
  const made = await post(ann, '/v1/face-bases', ground)
  expect(made).toMatchObject({ status: 201, state: 'proposed' })
  expect(await post(ann, `/v1/face-bases/${made.id}/agreement`)).toMatchObject({
    status: 403,
    code: 'basis_own_proposal',
  })
  const { basis } = hub.hub.parts
  const agreed = await post(bob, `/v1/face-bases/${made.id}/agreement`)
  expect(agreed).toMatchObject({ status: 201, state: 'in_force' })
  const sign = await read<{ basis: unknown; faces: unknown }>('/v1/signs')
  expect(sign.basis).toEqual(ground)
  // The hub's own setting is off in this test: a ground allows, it does not switch on.
  expect(sign.faces).toEqual({ kind: 'off', why: 'off_at_hub' })
  expect(basis.here()).toEqual({ kind: 'off', why: 'off_at_hub' })
  expect(await post(ann, `/v1/face-bases/${made.id}/end`)).toMatchObject({ state: 'ended' })
  expect(await post(bob, `/v1/face-bases/${made.id}/agreement`)).toMatchObject({
    status: 409,
    code: 'basis_over',
  })
  expect((await read<{ basis: unknown }>('/v1/signs')).basis).toBeNull()
})

test('the log has it first, and does not tell which document it is', async () => {
  const made = await post(ann, '/v1/face-bases', { ...ground, document: 'Order 13' })
  const receipt = await hub.hub.parts.journal.receipt(made.proposed?.log_index ?? -1)
  const bytes = receipt?.entry ?? new Uint8Array()
  expect(parseEntry(bytes)).toMatchObject({ entry: { kind: 'face_basis', says: 'proposed' } })
  expect(new TextDecoder().decode(bytes)).not.toMatch(/Order 13|Data office/)
})

test('what the log refuses was never said', async () => {
  const before = (await read<{ bases: unknown[] }>('/v1/face-bases')).bases.length
  const append = vi.spyOn(hub.hub.parts.journal, 'append').mockRejectedValueOnce(new Error('full'))
  expect(await post(ann, '/v1/face-bases', ground)).toMatchObject({ code: 'log_unavailable' })
  append.mockRestore()
  await hub.hub.parts.basis.recover()
  expect((await read<{ bases: unknown[] }>('/v1/face-bases')).bases).toHaveLength(before)
})

test('a sign says the periods of the policy in force, and that nothing is shredded without one', async () => {
  type Sign = { retention: { policy: string | null; classes: unknown[] }; contact: string }
  const without = await read<Sign>('/v1/signs')
  expect(without).toMatchObject({
    contact: 'Redress desk, box 4',
    retention: { policy: null, classes: [] },
  })
  const officer = await hub.signIn(['officer'])
  const refused = await officer.request('/v1/face-bases', {
    method: 'POST',
    body: JSON.stringify(ground),
  })
  expect(refused.status).toBe(403)
})
