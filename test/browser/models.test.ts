/** Evaluated models and openings on the contractors page: agency and owner see the same, others none. */

import { reportCandidate } from '@sallyport/core/evaluation-candidate'
import { faceReportLimits, reportFaces } from '@sallyport/core/evaluation-faces'
import { strangerPairs } from '@sallyport/core/evaluation-people'
import { reserveCandidate, noteCandidateDone } from '@sallyport/store/candidate-evaluations'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import type { VisitOptions } from '../support/browser.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { drawnJpeg } from '../support/drawn-picture.ts'
import { grantInForce } from '../support/grants.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { picture, startVisits, type Visits } from '../support/visits.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let hub: TestHub
let device: TestDevice
let visits: Visits

beforeAll(async () => {
  hub = await startTestHub({ console: true })
  visits = await startVisits(hub, 60_000)
  device = await enrolTestDevice(hub, 'in-1')
  await grantInForce(hub, 'north-optics')
  await grantInForce(hub, 'gate-works')
  await evaluated()
})
afterAll(async () => {
  await visits.close()
  await hub.remove()
})
afterEach(() => visits.leave())

/** An evaluation that is done, as the hub would have stored it. */
async function evaluated(): Promise<void> {
  const { db } = hub.hub.parts
  const { id: account } = await db.selectFrom('account').select('id').executeTakeFirstOrThrow()
  const at = new Date('2026-11-05T15:00:00Z')
  const row = {
    id: 'ab'.repeat(16),
    at,
    account,
    owner: 'north-optics',
    label_set: 'verdicts:2026-10',
    name: 'north 2',
    model_sha256: Buffer.alloc(32, 1),
    model_bytes: 1_000,
    service: 'plate-reader@1',
    standing: JSON.stringify({ files: true, network: true }),
    state: 'running',
    due_at: at,
    report: null,
    owner_salt: Buffer.alloc(16),
    account_salt: Buffer.alloc(16),
    log_index: null,
    report_log_index: null,
  } as const
  await reserveCandidate(db, row, { byOwner: 1, byAll: 1 })
  const pictures = Array.from({ length: 400 }, (_, at) => ({
    label: 'ABC123',
    jurisdiction: at % 3 === 0 ? 'us-ca' : 'us-tx',
    light: at % 4 === 0 ? ('dark' as const) : ('bright' as const),
    camera: at % 2 === 0 ? 'in-1' : 'in-2',
    read: at % 5 === 0 ? 'A8C123' : 'ABC123',
    confidence: 0.4 + (at % 60) / 100,
    service: at % 7 === 0 ? '' : 'ABC123',
  }))
  const report = reportCandidate(pictures, () => 0.5)
  if (report === null) throw new Error('there are enough pictures')
  await noteCandidateDone(db, row.id, report, 7)
  const ofFaces = { ...row, id: 'cd'.repeat(16), subject: 'faces', name: 'north faces' } as const
  await reserveCandidate(db, ofFaces, { byOwner: 2, byAll: 2 })
  await noteCandidateDone(db, ofFaces.id, faceReport(), 9)
}

/** Of many people, so that the noise hides nothing. */
function faceReport() {
  const people = 20_000
  const distance = (at: number, near: number) => near + ((at * 37) % 100) / 130
  const { cuts, rates } = faceReportLimits
  const report = reportFaces(
    {
      people: Array.from({ length: people }, (_, at) => ({
        camera: at % 2 === 0 ? 'in-1' : 'in-2',
        issuer: at % 3 === 0 ? 'MEX' : 'USA',
        light: at % 4 === 0 ? ('dark' as const) : ('bright' as const),
        pictures: 2,
        lost: { candidate: at % 50 === 0 ? 1 : 0, service: 0 },
        pair: { candidate: distance(at, 0.2), service: distance(at, 0.4) },
      })),
      strangers: strangerPairs(people).map((_, at) => ({
        candidate: distance(at, 0.85),
        service: distance(at, 0.75),
      })),
      cuts: { candidate: cuts, service: cuts },
      rates,
    },
    () => 0.5,
  )
  if (report === null) throw new Error('there are enough people')
  return report
}

/** Where whoever comes sees evaluations: on the contractors page, or on their own. */
async function come(options: VisitOptions): Promise<Page> {
  const page = await visits.come(options)
  await page.goto(options.affiliation?.party === undefined ? '/contractors' : '/')
  return page
}

test('agency and owner see one report, with what noise leaves open; another contractor sees none', async () => {
  const agency = await come({ roles: ['privacy'] })
  const seen = agency.getByRole('article', { name: 'north 2 on verdicts:2026-10' })
  await seen.getByText('80 % (').first().waitFor()
  await seen.getByText('B for 8').waitFor()
  await picture(agency, 'models-agency')

  const theirs = await come({ roles: [], affiliation: { party: 'north-optics' } })
  const own = theirs.getByRole('article', { name: 'north 2 on verdicts:2026-10' })
  await own.getByText('B for 8').waitFor()
  expect(await own.getByRole('table').allInnerTexts()).toEqual(
    await seen.getByRole('table').allInnerTexts(),
  )

  const others = await come({ roles: [], affiliation: { party: 'gate-works' } })
  await others.getByText('None yet. Bring yours').waitFor()
})

test('of a face model both curves, its misses at each rate and the groups are shown', async () => {
  const page = await come({ roles: ['privacy'] })
  const seen = page.getByRole('article', { name: 'north faces on verdicts:2026-10' })
  await seen.getByRole('img', { name: /Curves of this model/ }).waitFor()
  await seen.getByRole('row', { name: /^10 % .* %/ }).waitFor()
  await seen.getByText('too few people to say').first().waitFor()
  await seen.getByRole('row', { name: /^MEX/ }).waitFor()
  expect(await seen.locator('polyline').count()).toBe(2)
  await picture(page, 'models-faces')
})

test('what a contractor opened lies against its grant, for the agency and for itself', async () => {
  const grants = await hub.hub.parts.policy.grants(new Date())
  const grant = grants.find(({ terms }) => terms.party === 'north-optics')?.id ?? ''
  const { bytes, manifest } = device.bundle({ picture: drawnJpeg(5_000) })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  const technician = await hub.signIn([], { party: 'north-optics' })
  for (const purpose of ['fault_analysis', 'investigation'])
    await technician.request(`/v1/captures/${scene}/openings`, {
      method: 'POST',
      body: JSON.stringify({ purpose, grant }),
    })

  for (const options of [
    { roles: ['privacy'] as const },
    { roles: [], affiliation: { party: 'north-optics' } },
  ]) {
    const page = await come(options)
    const card = page.getByRole('article', { name: /^north-optics/ })
    await card.getByText('What was opened under it').click()
    await card.getByText('0 opened, 2 refused').waitFor()
    await card.getByText('Not shown: no plate found').waitFor()
    await card.getByText('Not shown: purpose not in grant').waitFor()
    await picture(page, `timeline-${options.roles.length}`)
  }
  const other = await hub.signIn([], { party: 'gate-works' })
  expect((await other.request(`/v1/grants/${grant}/openings`)).status).toBe(404)
})

test('the plots fit a narrow screen in the dark', async () => {
  const page = await come({
    roles: ['auditor'],
    context: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  })
  await page.getByRole('article', { name: /north 2/ }).waitFor()
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wider).toBeLessThanOrEqual(0)
  await picture(page, 'models-narrow-dark')
})
