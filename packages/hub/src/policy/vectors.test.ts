/** Decisions as data: every case of the specification, before Cedar and before the second opinion. */

import { readFileSync } from 'node:fs'

import { type Action, decideView, type ViewRequest } from '@sallyport/core/grants/decide-view'
import type { Grant, GrantStatus } from '@sallyport/core/grants/grant'
import { termsOf } from '@sallyport/core/grants/grant-document'
import { localTimeAt } from '@sallyport/core/grants/local-time'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { createPolicyEngine } from './engine.ts'
import { type GrantDocument, grantDocument } from './stored-terms.ts'

type Ask = {
  readonly action?: Action
  readonly person: {
    readonly party: string
    readonly party_kind: ViewRequest['person']['partyKind']
    readonly roles: ViewRequest['person']['roles']
  }
  readonly capture: {
    readonly class: ViewRequest['capture']['class']
    readonly lane: string
    readonly minutes_ago: number
    readonly review: 'none' | 'waiting'
    readonly bytes: number
  }
  readonly purpose: ViewRequest['purpose']
  readonly view: ViewRequest['view']
  readonly grant: 'none' | GrantStatus['kind']
  readonly used: ViewRequest['used']
  readonly seconded: boolean
  readonly supervised: boolean
  readonly shift: { readonly lane: string; readonly minutes_ago: number } | null
}

type Case = {
  readonly name: string
  readonly ask?: Partial<Ask>
  readonly terms?: Partial<GrantDocument>
  readonly decision: string
  readonly policies?: readonly string[]
}

const now = new Date('2026-11-23T15:00:00.000Z')
const file = parse(
  readFileSync(new URL('../../../../specs/vectors/policy/decisions.yaml', import.meta.url), 'utf8'),
) as { readonly ask: Ask; readonly terms: GrantDocument; readonly cases: readonly Case[] }

test.each(file.cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const ask = merged(file.ask, one.ask)
  const terms = termsOf(grantDocument.parse({ ...file.terms, ...one.terms }))
  const grant = ask.grant === 'none' ? null : grantOf(terms, ask.grant)
  const request = requestOf(ask, grant)
  const cedar = createPolicyEngine(grant === null ? [] : [grant]).decide(request, now)
  const opinion = decideView(request, now)
  expect(opinion.kind === 'allow' ? 'allow' : opinion.code).toBe(one.decision)
  expect(cedar.kind).toBe(one.decision === 'allow' ? 'allow' : 'deny')
  if (one.policies !== undefined)
    expect(cedar.policies).toEqual(one.policies.map((id) => (id === 'grant' ? 'grant/g1/1' : id)))
})

function merged(base: Ask, change: Partial<Ask> = {}): Ask {
  return {
    ...base,
    ...change,
    person: { ...base.person, ...change.person },
    capture: { ...base.capture, ...change.capture },
  }
}

function grantOf(terms: Grant['terms'], kind: GrantStatus['kind']): Grant {
  const status: GrantStatus =
    kind === 'proposed'
      ? { kind }
      : kind === 'signed'
        ? { kind, at: now }
        : { kind, at: now, reason: '' }
  return { id: 'g1', version: 1, terms, status }
}

function requestOf(ask: Ask, grant: Grant | null): ViewRequest {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  return {
    action: ask.action ?? 'view',
    person: { roles: ask.person.roles, party: ask.person.party, partyKind: ask.person.party_kind },
    capture: {
      class: ask.capture.class,
      port: 'north-bridge',
      lane: ask.capture.lane,
      receivedAt: ago(ask.capture.minutes_ago),
      review: { kind: ask.capture.review },
      bytes: ask.capture.bytes,
    },
    view: ask.view,
    purpose: ask.purpose,
    shift:
      ask.shift === null ? null : { lane: ask.shift.lane, startedAt: ago(ask.shift.minutes_ago) },
    grant,
    used: ask.used,
    seconded: ask.seconded,
    supervised: ask.supervised,
    local: localTimeAt(now, 'America/Chicago'),
  }
}
