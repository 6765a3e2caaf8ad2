import { grantPolicyText } from '@sallyport/core/grants/cedar-text'
import { decideView, type ViewRequest } from '@sallyport/core/grants/decide-view'
import type { Grant } from '@sallyport/core/grants/grant'
import { localTimeAt } from '@sallyport/core/grants/local-time'
import { expect, test } from 'vitest'

import { createPolicyEngine, policyTexts, validatePolicy } from './engine.ts'
import { randomGrant, randomRequest, seededDraw } from './random-request.ts'

const now = new Date('2026-11-23T15:00:00.000Z')
const grant: Grant = {
  id: 'g1',
  version: 2,
  status: { kind: 'signed', at: now },
  terms: {
    party: 'north-optics',
    basis: 'Work order 114',
    purpose: 'fault_analysis',
    ports: ['north'],
    lanes: ['lane-1'],
    views: ['plate_crop', 'scene'],
    hours: null,
    picturesPerDay: 2,
    bytesPerDay: 5_000,
    from: new Date('2026-11-01T00:00:00.000Z'),
    until: new Date('2026-12-01T00:00:00.000Z'),
    incidentHours: 24,
  },
}
const asked: ViewRequest = {
  action: 'view',
  person: { roles: [], party: 'north-optics', partyKind: 'subcontractor' },
  capture: {
    class: 'plate',
    port: 'north',
    lane: 'lane-1',
    receivedAt: now,
    review: { kind: 'none' },
    bytes: 1_000,
  },
  view: 'plate_crop',
  purpose: 'fault_analysis',
  shift: null,
  grant,
  used: { pictures: 0, bytes: 0 },
  seconded: false,
  supervised: false,
  local: localTimeAt(now, 'America/Chicago'),
}

test('the agency’s own policies and a grant’s pass the validator in strict mode', () => {
  expect(validatePolicy(policyTexts.agency)).toEqual([])
  expect(validatePolicy(grantPolicyText(grant))).toEqual([])
})

test('a policy with a mistyped word is refused by the validator, with the word', () => {
  const [mistake] = validatePolicy(grantPolicyText(grant).replace('resource.port', 'resource.prot'))
  expect(mistake?.detail).toContain('prot')
})

test.each(['" ) permit (principal, action, resource); //', '\\', '\u0000\n\t\u007f', 'Ä🛂"'])(
  'no text in a grant ends its string and becomes policy: %j',
  (evil) => {
    const text = grantPolicyText({
      ...grant,
      terms: { ...grant.terms, basis: evil, ports: [evil], party: evil },
    })
    expect(validatePolicy(text)).toEqual([])
    const engine = createPolicyEngine([{ ...grant, terms: { ...grant.terms, ports: [evil] } }])
    const there = { ...asked, capture: { ...asked.capture, port: evil } }
    expect(engine.decide(there, now).kind).toBe('allow')
    expect(engine.decide(asked, now).kind).toBe('deny')
  },
)

test('R10: a contractor that asks for export or training is refused by a policy that says never', () => {
  const engine = createPolicyEngine([grant])
  expect(engine.decide({ ...asked, action: 'export' }, now).policies).toEqual([
    'contractor-never-export',
  ])
  expect(engine.decide({ ...asked, action: 'train' }, now).policies).toEqual([
    'contractor-never-train',
  ])
})

test('a contractor with an officer’s role by mistake opens nothing by it', () => {
  const engine = createPolicyEngine([grant])
  const person = { ...asked.person, roles: ['officer', 'supervisor', 'responder'] as const }
  for (const purpose of ['secondary', 'incident'] as const)
    expect(engine.decide({ ...asked, person, purpose, grant: null }, now).kind).toBe('deny')
})

test('a grant that waits for its second signature, or is revoked, has no policy', () => {
  for (const status of [
    { kind: 'proposed' },
    { kind: 'revoked', at: now, reason: 'over' },
    { kind: 'suspended', at: now, reason: 'equipment' },
  ] as const) {
    const engine = createPolicyEngine([{ ...grant, status }])
    expect(engine.decide(asked, now)).toMatchObject({ kind: 'deny', policies: [] })
  }
})

test('the hash of the set changes with each grant and not with their order', () => {
  const other = { ...grant, id: 'g2' }
  const both = createPolicyEngine([grant, other]).policySet
  expect(createPolicyEngine([other, grant]).policySet).toBe(both)
  expect(createPolicyEngine([grant]).policySet).not.toBe(both)
  expect(createPolicyEngine([]).policySet).not.toBe(createPolicyEngine([grant]).policySet)
})

test('a grant made out to the agency gives nobody anything', () => {
  const engine = createPolicyEngine([grant])
  const person = { ...asked.person, partyKind: 'agency' } as const
  expect(engine.decide({ ...asked, person }, now).kind).toBe('deny')
})

test('Cedar and the second opinion agree on requests by chance', () => {
  const requests = process.env['SLOW'] === '1' ? 1_000_000 : 4_000
  const draw = seededDraw(20_261_122)
  const seen = { allow: 0, refuse: 0 }
  for (let done = 0; done < requests;) {
    const at = new Date(now.getTime() + draw(90) * 86_400_000 + draw(1_440) * 60_000)
    const grants = Array.from({ length: 3 }, (_, index) =>
      randomGrant(draw, at, `g${done}-${index}`),
    )
    const engine = createPolicyEngine(grants)
    for (let each = 0; each < 40; each++, done++) {
      const request = randomRequest(draw, at, grants)
      const second = decideView(request, at)
      seen[second.kind] += 1
      const first = engine.decide(request, at)
      if ((first.kind === 'allow') !== (second.kind === 'allow'))
        expect({ request, at, first }).toEqual(second)
    }
  }
  // A comparison that hardly ever allows would prove little.
  expect(seen.allow / requests).toBeGreaterThan(0.05)
  expect(seen.refuse / requests).toBeGreaterThan(0.2)
})
