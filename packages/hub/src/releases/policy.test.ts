/** Releases: what the Cedar policies say is what the second evaluator says. */

import { partyKinds } from '@sallyport/core/grants/grant'
import { roles } from '@sallyport/core/opening'
import { decideRelease, type ReleaseRequest } from '@sallyport/core/releases/decide-release'
import { releaseStates, releaseSteps } from '@sallyport/core/releases/release'
import { expect, test } from 'vitest'

import { createPolicyEngine } from '../policy/engine.ts'
import { type Draw, seededDraw } from '../policy/random-request.ts'

const now = new Date('2026-11-22T12:00:00Z')
const dayMs = 86_400_000
const engine = createPolicyEngine([])

const asked: ReleaseRequest = {
  step: 'approve_release',
  person: { roles: ['privacy'], party: 'agency', partyKind: 'agency' },
  release: {
    state: 'requested',
    recipientKind: 'partner',
    keyHolds: true,
    requestedAt: new Date(now.getTime() - dayMs),
    expiresAt: new Date(now.getTime() + 30 * dayMs),
    files: 3,
  },
  own: false,
  sameUnit: false,
  approvals: 0,
}

test('two others of different units approve, and then it is made', () => {
  expect(engine.decideRelease(asked, now)).toMatchObject({
    kind: 'allow',
    policies: ['release-approve'],
  })
  const release = { ...asked.release, state: 'approved' } as const
  const make = { ...asked, step: 'make_release', release, approvals: 2 } as const
  expect(engine.decideRelease(make, now)).toMatchObject({
    kind: 'allow',
    policies: ['release-make'],
  })
})

test.each([
  ['whoever asked', { own: true }, 'requester-never-approves'],
  ['somebody of a unit that spoke', { sameUnit: true }, 'approvers-of-different-units'],
  [
    'anybody once the key is revoked',
    { release: { ...asked.release, keyHolds: false } },
    'release-key-must-hold',
  ],
  [
    'anybody for a contractor',
    { release: { ...asked.release, recipientKind: 'subcontractor' } },
    'release-never-to-contractors',
  ],
  [
    'a contractor with an agency role by mistake',
    { person: { ...asked.person, partyKind: 'prime' } },
    'contractor-needs-grant',
  ],
] as const)('%s is refused by a policy that says never', (_, change, policy) => {
  const { kind, policies } = engine.decideRelease({ ...asked, ...change }, now)
  expect({ kind, policies }).toEqual({ kind: 'deny', policies: [policy] })
})

test.each([
  ['a millisecond before its expiry', -1, 'allow'],
  ['at its expiry', 0, 'refuse'],
  ['a millisecond behind it', 1, 'refuse'],
] as const)('an approval %s: both say the same', (_, offsetMs, kind) => {
  const at = new Date(asked.release.expiresAt.getTime() + offsetMs)
  const request = {
    ...asked,
    release: { ...asked.release, requestedAt: new Date(at.getTime() - dayMs) },
  }
  expect(decideRelease(request, at).kind).toBe(kind)
  expect(engine.decideRelease(request, at).kind).toBe(kind === 'allow' ? 'allow' : 'deny')
})

test('Cedar and the second evaluator agree on releases by chance', () => {
  const draw = seededDraw(20_261_122)
  const seen = { allow: 0, refuse: 0 }
  for (let done = 0; done < 1_500; done++) {
    const request = randomRelease(draw)
    const second = decideRelease(request, now)
    const first = engine.decideRelease(request, now)
    seen[second.kind] += 1
    if ((first.kind === 'allow') !== (second.kind === 'allow'))
      expect({ request, first }).toEqual(second)
  }
  // A comparison that hardly ever allows would prove little.
  expect(seen.allow).toBeGreaterThan(30)
})

function randomRelease(draw: Draw): ReleaseRequest {
  const one = <T>(values: readonly T[]): T => values[draw(values.length)]!
  const often = <T>(usual: T, values: readonly T[]): T => (draw(4) > 0 ? usual : one(values))
  const near = (days: number): Date =>
    new Date(now.getTime() + days * dayMs + one([-1, 0, 1, dayMs]))
  const step = one(releaseSteps)
  const usual = {
    request_release: 'requested',
    approve_release: 'requested',
    make_release: 'approved',
  } as const
  return {
    step,
    person: {
      roles: roles.filter(() => draw(2) === 0),
      party: 'agency',
      partyKind: often('agency', partyKinds),
    },
    release: {
      state: often(usual[step], releaseStates),
      recipientKind: often('partner', partyKinds),
      keyHolds: draw(8) > 0,
      requestedAt: near(-one([0, 1, 30])),
      expiresAt: near(one([0, 10, 366 - 1])),
      files: often(3, [0, 1, 200, 201]),
    },
    own: draw(4) === 0,
    sameUnit: draw(4) === 0,
    approvals: draw(4),
  }
}
