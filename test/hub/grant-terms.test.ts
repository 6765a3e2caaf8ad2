/** What a grant may say, what it would mean, and who may read it. */

import { afterAll, expect, test } from 'vitest'

import { type Body, json, send, startGrantHub } from '../support/grant-hub.ts'

const { hub, first, second, technician, document, signed, cross, open } = await startGrantHub()
afterAll(() => hub.remove())

test('a version that widens is refused with what widens it; a narrower one counts once it is signed', async () => {
  const terms = document({ pictures_per_day: 5 })
  const grant = await signed(terms)
  const path = `/v1/grants/${grant}/versions`
  const refused = await json(send(first, path, { ...terms, pictures_per_day: 6, lanes: 'all' }))
  expect(refused).toMatchObject({
    code: 'terms_refused',
    problems: [{ field: 'lanes' }, { field: 'pictures_per_day' }],
  })
  const { version } = await json(send(first, path, { ...terms, pictures_per_day: 1 }))
  const { scene = '' } = await cross()
  expect(await open(technician, scene, grant)).toHaveProperty('picture')
  expect(await open(technician, scene, grant)).toHaveProperty('picture')
  expect((await send(second, `${path}/${String(version)}/signature`)).status).toBe(204)
  expect(await open(technician, scene, grant)).toMatchObject({ code: 'quota_used_up' })
})

test('terms that contradict themselves are refused with every reason, and nothing is stored', async () => {
  const wrong = document({ party: 'nobody', lanes: ['in-9'], views: [] })
  const before = (await json(first.request('/v1/grants')))['grants'] as unknown[]
  const refused = await json(send(first, '/v1/grants', wrong))
  expect(refused['code']).toBe('terms_refused')
  expect((refused['problems'] as Body[]).map(({ code }) => code)).toEqual([
    'contradiction',
    'unknown_party',
    'unknown_lane',
  ])
  expect((await json(first.request('/v1/grants')))['grants']).toHaveLength(before.length)
})

test('a check says what a grant would mean, and what the past month would have given', async () => {
  await cross()
  const checked = await json(send(first, '/v1/grants/checks', document()))
  expect(checked).toMatchObject({ problems: [], simulation: { days: 30 } })
  expect((checked['simulation'] as Body)['pictures_in_scope']).toBeGreaterThan(0)
  expect((checked['sentences'] as string[]).join(' ')).toContain('Work order 114')
  expect(String(checked['policy'])).toContain('permit')
})

test('a contractor reads the grants of its own party, and no crossings, openings or parties', async () => {
  const grant = await signed()
  const own = (await json(technician.request('/v1/grants')))['grants'] as Body[]
  expect(own.map(({ id }) => id)).toContain(grant)
  expect(own.every(({ party }) => (party as Body)['id'] === 'north-optics')).toBe(true)
  const stranger = await hub.signIn([], { party: 'gate-works' })
  expect((await json(stranger.request('/v1/grants')))['grants']).toEqual([])
  for (const path of ['/v1/crossings', '/v1/openings', '/v1/parties', '/v1/accounts'])
    expect((await technician.request(path)).status, path).toBe(403)
})
