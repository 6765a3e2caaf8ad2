/**
 * The policies in force, evaluated by Cedar (specs/policy.md). Parsed once; a decision is given only
 * the entities it is about and, for a contractor, the one grant it names.
 */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

import {
  type EntityJson,
  type StatefulAuthorizationCall,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import { grantPolicyId, grantPolicyText } from '@sallyport/core/grants/cedar-text'
import type { ViewRequest } from '@sallyport/core/grants/decide-view'
import type { Grant } from '@sallyport/core/grants/grant'
import type { ReleaseRequest } from '@sallyport/core/releases/decide-release'

import { limits } from '../limits.ts'

export type PolicyDecision = {
  readonly kind: 'allow' | 'deny'
  /** Ids of the policies that decided; none when no policy spoke for it. */
  readonly policies: readonly string[]
  /** SHA-256, hex, of the whole set in force. */
  readonly policySet: string
}

export type PolicyEngine = {
  decide(request: ViewRequest, now: Date): PolicyDecision
  /** What the agency's own policies say to a step of a release. */
  decideRelease(request: ReleaseRequest, now: Date): PolicyDecision
  /** SHA-256, hex, of schema, agency policies and every grant in force. */
  readonly policySet: string
}

export type PolicyMistake = { readonly policy: string; readonly detail: string }

// V8 of Node 20 can end the process ("unreachable code" in its deoptimizer) once calls into WebAssembly
// are inlined: it happened within a million decisions.
setFlagsFromString('--no-turbo-inline-js-wasm-calls')

const directory = new URL('../../policies/', import.meta.url)
const schema = readFileSync(new URL('sallyport.cedarschema', directory), 'utf8')
const agencyText = readFileSync(new URL('agency.cedar', directory), 'utf8')
const releasesText = readFileSync(new URL('releases.cedar', directory), 'utf8')
const schemaName = createHash('sha256').update(schema).digest('hex')
const actionType = 'Sallyport::Action'
const personType = 'Sallyport::Person'
const captureType = 'Sallyport::Capture'
/** Nobody's id goes into an evaluation: no policy asks who, only what they are. */
const person = { type: personType, id: 'asking' }
const capture = { type: captureType, id: 'asked' }
const release = { type: 'Sallyport::Release', id: 'asked' }

let schemaParsed = false

/** The text of the agency's policies and of the schema, as they are shown. */
export const policyTexts = { schema, agency: `${agencyText}\n${releasesText}` } as const

/** What Cedar's validator, in strict mode, says against a policy; none: it is in order. */
export function validatePolicy(text: string): readonly PolicyMistake[] {
  const answer = validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies: text },
  })
  if (answer.type === 'failure')
    return answer.errors.map(({ message }) => ({ policy: '', detail: message }))
  return answer.validationErrors.map(({ policyId, error }) => ({
    policy: policyId,
    detail: error.message,
  }))
}

/** An engine over the agency's policies and these grants; only signed ones take part. */
export function createPolicyEngine(grants: readonly Grant[]): PolicyEngine {
  const inForce = grants.filter(({ status }) => status.kind === 'signed')
  const texts = new Map(inForce.map((grant) => [grant.id, grantPolicyText(grant)]))
  const ids = new Map(inForce.map((grant) => [grant.id, grantPolicyId(grant)]))
  const policySet = hashOf(texts)
  const parsed = new Set<string>()

  /** The agency's policies and at most one grant; forbids are always among them. */
  function sliceFor(grant: string | null): string {
    const text = grant === null ? undefined : texts.get(grant)
    const name = text === undefined ? 'agency' : createHash('sha256').update(text).digest('hex')
    const own = text === undefined || grant === null ? {} : { [ids.get(grant) ?? grant]: text }
    return parsedAs(name, own)
  }

  /** Parses the agency's policies with these once, under a name. */
  function parsedAs(name: string, own: Readonly<Record<string, string>>): string {
    if (parsed.has(name)) return name
    if (!schemaParsed) {
      must(preparseSchema(schemaName, schema))
      schemaParsed = true
    }
    must(preparsePolicySet(name, { staticPolicies: { ...agencyPolicies, ...own } }))
    parsed.add(name)
    return name
  }

  function ask(slice: string, call: Asked): PolicyDecision {
    const answer = statefulIsAuthorized({
      principal: person,
      preparsedSchemaName: schemaName,
      validateRequest: true,
      preparsedPolicySetId: slice,
      ...call,
    })
    if (answer.type === 'failure') throw new Error(`Cedar: ${answer.errors[0]?.message ?? ''}`)
    const { decision, diagnostics } = answer.response
    // An error inside a policy would drop that policy, a forbid as well.
    const [error] = diagnostics.errors
    if (error !== undefined) throw new Error(`Cedar: ${error.policyId}: ${error.error.message}`)
    return { kind: decision, policies: diagnostics.reason.toSorted(), policySet }
  }

  return {
    policySet,
    decide: (request, now) =>
      ask(sliceFor(request.grant?.id ?? null), {
        action: { type: actionType, id: request.action },
        resource: capture,
        context: contextOf(request, now),
        entities: entitiesOf(request),
      }),
    decideRelease: (request, now) =>
      ask(parsedAs('releases', releasePolicies), {
        action: { type: actionType, id: request.step },
        resource: release,
        context: releaseContextOf(request, now),
        entities: releaseEntitiesOf(request),
      }),
  }
}

type Asked = Pick<StatefulAuthorizationCall, 'action' | 'resource' | 'context' | 'entities'>

/** The agency's policies by their ids: Cedar itself numbers the policies of a text. */
const agencyPolicies = policiesById(agencyText)
const releasePolicies = policiesById(releasesText)

function policiesById(policies: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    policies
      .split(/(?=^@id\()/m)
      .slice(1)
      .map((text) => [/^@id\("([^"]+)"\)/.exec(text)?.[1] ?? '', withoutTrailingComment(text)]),
  )
}

function withoutTrailingComment(text: string): string {
  return text.slice(0, text.lastIndexOf(';') + 1)
}

function hashOf(grants: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(schema).update('\0').update(policyTexts.agency)
  for (const [, text] of [...grants].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update('\0').update(text)
  return hash.digest('hex')
}

function contextOf(request: ViewRequest, now: Date) {
  const { purpose, view, used, seconded, supervised, local, grant, shift } = request
  return {
    purpose,
    view,
    now: instant(now),
    weekday: local.weekday,
    minute: local.minute,
    pictures_today: used.pictures,
    bytes_today: Math.min(used.bytes, limits.policyNumberMax),
    seconded,
    supervised,
    ...(grant === null ? {} : { grant: grant.id }),
    ...(shift === null ? {} : { shift: { lane: shift.lane, started: instant(shift.startedAt) } }),
  }
}

function entitiesOf({ person: who, capture: what }: ViewRequest): EntityJson[] {
  return [
    personEntity(who),
    {
      uid: capture,
      attrs: {
        class: what.class,
        port: what.port,
        lane: what.lane,
        received: instant(what.receivedAt),
        bytes: what.bytes,
        review: what.review.kind,
        ...(what.review.kind === 'decided' ? { reviewed: instant(what.review.at) } : {}),
      },
      parents: [],
    },
  ]
}

function personEntity({ roles, party, partyKind }: ViewRequest['person']): EntityJson {
  return {
    uid: person,
    attrs: {
      party: { __entity: { type: 'Sallyport::Party', id: party } },
      party_kind: partyKind,
      roles: [...roles],
    },
    parents: [],
  }
}

function releaseContextOf({ own, sameUnit, approvals }: ReleaseRequest, now: Date) {
  return { now: instant(now), own, same_unit: sameUnit, approvals }
}

function releaseEntitiesOf({ person: who, release: what }: ReleaseRequest): EntityJson[] {
  return [
    personEntity(who),
    {
      uid: release,
      attrs: {
        state: what.state,
        recipient_kind: what.recipientKind,
        key_holds: what.keyHolds,
        requested: instant(what.requestedAt),
        expires: instant(what.expiresAt),
        files: what.files,
      },
      parents: [],
    },
  ]
}

function instant(at: Date) {
  return { __extn: { fn: 'datetime', arg: at.toISOString() } }
}

function must(answer: { readonly type: string; readonly errors?: readonly { message: string }[] }) {
  if (answer.type !== 'success') throw new Error(`Cedar: ${answer.errors?.[0]?.message ?? ''}`)
}
