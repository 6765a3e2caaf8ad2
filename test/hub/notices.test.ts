/** Notices, public sentences and answers to travellers, from a hub's own rows. */

import { createHash } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

type Body = Record<string, unknown>

let hub: TestHub
let device: TestDevice
let responder: Person
let privacy: Person
let incident: string
const scenes: string[] = []

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  responder = await hub.signIn(['responder'])
  privacy = await hub.signIn(['privacy'])
  for (const plate of ['MINE123', 'MINE123', 'ELSE456']) {
    const { bytes, manifest } = device.bundle({
      reads: Buffer.from(JSON.stringify(readsOf(plate))),
    })
    expect((await deliver(hub, bytes)).status).toBe(201)
    scenes.push(manifest.bodies.find((one) => one.class === 'scene')?.id ?? '')
  }
  const shown = await privacy.request(`/v1/captures/${scenes[0]}/openings`, {
    method: 'POST',
    body: '{"purpose":"audit"}',
  })
  expect(shown.status).toBe(201)
  const known = new Date(Date.now() - 2 * 3_600_000).toISOString()
  const made = await post('/v1/incidents', {
    title: '<b>Copies</b> & more',
    suspected_at: '2026-05-13T00:00:00Z',
    known_at: known,
  })
  incident = String(made['id'])
})
afterAll(() => hub.remove())

async function post(path: string, body: unknown, person = responder): Promise<Body> {
  const answer = await person.request(path, { method: 'POST', body: JSON.stringify(body) })
  return (await answer.json()) as Body
}

type Line = {
  readonly rule: string
  readonly owed: string
  readonly late: boolean
  readonly due_at: string
  readonly sent: readonly Body[]
}

async function board(): Promise<{
  readonly unreachable: unknown
  readonly of: (rule: string) => Line
}> {
  const answer = await responder.request(`/v1/incidents/${incident}/notices`)
  const { notices, unreachable } = (await answer.json()) as {
    notices: Line[]
    unreachable: unknown
  }
  const of = (rule: string): Line => {
    const found = notices.find((one) => one.rule === rule)
    if (found === undefined) throw new Error(`no ${rule}`)
    return found
  }
  return { unreachable, of }
}

test('before a scope is stated a duty is uncertain, and a deadline that has passed is late', async () => {
  const { of, unreachable } = await board()
  expect(unreachable).toBeNull()
  expect(of('individuals').owed).toBe('perhaps')
  expect(of('cisa_1_hour')).toMatchObject({ owed: 'yes', late: true })
  expect(of('contractor_hsar').due_at).toBe('2026-05-13T08:00:00.000Z')
})

test('a scope decides what is owed, and whoever is only a plate is counted as unreachable', async () => {
  const scope = await post('/v1/scopes', {
    suspicions: [{ kind: 'window' }],
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date().toISOString(),
    why: 'all of it',
    incident,
  })
  expect(scope['version']).toBe(1)
  const { of, unreachable } = await board()
  expect(of('individuals').owed).toBe('yes')
  expect(of('congress_7_days').owed).toBe('no')
  expect(unreachable).toEqual({ low: 1, high: 1 })
  const said = await responder.request(`/v1/scopes/${String(scope['scope'])}/sentences`)
  const { sentences } = (await said.json()) as { sentences: { text: string; from: Body }[] }
  expect(sentences[0]?.text).toContain('1 pictures were released in clear')
  expect(sentences[0]?.from).toMatchObject({ scope: scope['scope'], version: 1 })
})

test('a notice prints in three languages and runs nothing', async () => {
  for (const language of ['en', 'es', 'fr']) {
    const path = `/v1/incidents/${incident}/notices/individuals/page?language=${language}`
    const answer = await responder.request(path)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const page = await answer.text()
    expect(page).toContain(`<html lang="${language}">`)
    expect(page).not.toMatch(/<script|<b>|undefined/)
  }
  const none = `/v1/incidents/${incident}/notices/cisa_1_hour/page?language=fr`
  expect((await responder.request(none)).status).toBe(404)
})

test('what went out has a version, and the log has the hash of what shows it', async () => {
  const proof = Buffer.from('delivered 09:00')
  const body = { language: 'en', sent_to: 'duty officer', proof: proof.toString('base64') }
  const path = `/v1/incidents/${incident}/notices/cisa_1_hour/sendings`
  const first = await post(path, body)
  expect((await post(path, body))['version']).toBe(2)
  const receipt = await hub.hub.parts.journal.receipt(Number(first['log_index']))
  expect(JSON.parse(Buffer.from(receipt?.entry ?? []).toString())).toMatchObject({
    kind: 'notice_sent',
    rule: 'cisa_1_hour',
    version: 1,
    proof_sha256: createHash('sha256').update(proof).digest('hex'),
  })
  const { of } = await board()
  expect(of('cisa_1_hour')).toMatchObject({ late: false, sent: [{ version: 1 }, { version: 2 }] })
})

test('a PDF that went out is the same bytes later, and the log commits to their hash', async () => {
  const path = `/v1/incidents/${incident}/notices/individuals`
  const fetched = async (query: string) => {
    const answer = await responder.request(`${path}/pdf?${query}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    return Buffer.from(await answer.arrayBuffer())
  }
  const draft = await fetched('language=es')
  const hash = createHash('sha256').update(draft).digest('hex')
  const sent = await post(`${path}/sendings`, { language: 'es', sent_to: 'all', proof: 'AAAA' })
  expect(sent).toMatchObject({ version: 1, pdf_sha256: hash })
  const row = await hub.hub.parts.db
    .selectFrom('notice')
    .selectAll()
    .where('rule', '=', 'individuals')
    .executeTakeFirstOrThrow()
  expect(JSON.parse(row.text)).toMatchObject({ pdf_sha256: hash })
  const receipt = await hub.hub.parts.journal.receipt(Number(sent['log_index']))
  expect(JSON.parse(Buffer.from(receipt?.entry ?? []).toString())).toMatchObject({
    text: commit(row.text_salt, row.text),
  })
  // The agency is called otherwise since: what went out stays what it was.
  await hub.hub.parts.db
    .updateTable('party')
    .set({ name: 'Another name' })
    .where('kind', '=', 'agency')
    .execute()
  expect((await fetched('version=1')).equals(draft)).toBe(true)
  expect((await fetched('language=es')).equals(draft)).toBe(false)
  expect((await responder.request(`${path}/pdf?version=2`)).status).toBe(404)
})

test('a name in letters that no reader’s own fonts have is refused as PDF, with the page as the way', async () => {
  const { db } = hub.hub.parts
  const agency = (name: string) =>
    db.updateTable('party').set({ name }).where('kind', '=', 'agency').execute()
  await agency('Гранична полиция')
  const path = `/v1/incidents/${incident}/notices/individuals`
  const refused = await responder.request(`${path}/pdf`)
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ code: 'notice_unprintable' })
  expect(await (await responder.request(`${path}/page`)).text()).toContain('Гранична полиция')
  const sent = await post(`${path}/sendings`, { language: 'en', sent_to: 'all', proof: 'AAAA' })
  expect(sent['pdf_sha256']).toBeNull()
  await agency('Agency')
})

test('somebody outside the room reads no notice of it', async () => {
  const other = await hub.signIn(['responder'])
  expect((await other.request(`/v1/incidents/${incident}/notices`)).status).toBe(404)
  const page = `/v1/incidents/${incident}/notices/individuals/page`
  expect((await other.request(page)).status).toBe(404)
  expect((await other.request(page.replace('/page', '/pdf'))).status).toBe(404)
})

test('a traveller is told what is held and who saw it, and nothing of anybody else', async () => {
  const told = await post('/v1/subject-requests', { plate: 'mine-123', reference: 'SR 7' }, privacy)
  const text = JSON.stringify(told)
  expect(told['crossings']).toHaveLength(2)
  expect(text).toContain('"purpose":"audit","party":"agency"')
  expect(text).not.toMatch(/ELSE456|Test privacy/)
  expect(text).not.toContain(scenes[2] ?? 'no scene')
  const receipt = await hub.hub.parts.journal.receipt(Number(told['log_index']))
  const entry = Buffer.from(receipt?.entry ?? []).toString()
  expect(entry).toContain('"kind":"subject_request"')
  expect(entry).not.toContain('MINE123')
  expect(await post('/v1/subject-requests', { plate: 'mine-123', reference: 'x' })).toMatchObject({
    code: 'role_missing',
  })
})
