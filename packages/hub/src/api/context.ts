/** What every route needs, and how a request becomes a person. */

import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from '@hono/zod-openapi'
import type { Role } from '@sallyport/core/opening'
import { sessionAccount } from '@sallyport/store/accounts'
import type { PortRow } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'
import type { Vault } from '@sallyport/store/vault/segments'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

import type { Alarms } from '../alarms.ts'
import type { CandidateEvaluations } from '../candidates/evaluations.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { EpochEnds } from '../epoch-ends.ts'
import type { EpochKeys } from '../epoch-keys.ts'
import type { Evaluations } from '../evaluations.ts'
import type { Events } from '../events.ts'
import type { Faces } from '../faces/faces.ts'
import type { FrequentGalleries } from '../faces/frequent-galleries.ts'
import type { FrequentRules } from '../faces/frequent-rules.ts'
import type { Galleries } from '../faces/galleries.ts'
import type { Matching } from '../faces/judge-faces.ts'
import type { VaultCalibrations } from '../faces/vault-calibrations.ts'
import type { HubClock } from '../hub-clock.ts'
import { tokenHash } from '../ids.ts'
import type { Months } from '../incidents/months.ts'
import type { Intake } from '../intake/intake.ts'
import type { Origins } from '../intake/origins.ts'
import type { Journal } from '../journal.ts'
import type { HubKeys } from '../keys.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import type { Leaks } from '../leaks/leaks.ts'
import type { Marker } from '../marking/marker.ts'
import type { Policy } from '../policy/policy.ts'
import { answer, type Problem, type ProblemCode, problem } from '../problems.ts'
import type { ReaderDesk } from '../reader/desk.ts'
import type { Releases } from '../releases/releases.ts'
import type { Retention } from '../retention/retention.ts'
import type { Reviews } from '../reviews.ts'
import type { HubSettings } from '../settings.ts'
import type { Provider } from '../sign-in/provider.ts'
import type { Stays } from '../stays/stays.ts'
import type { Travellers } from '../watch/travellers.ts'
import type { WatchList } from '../watch/watch-list.ts'
import type { FaceBasis } from '../window/face-basis.ts'
import type { Handovers } from '../window/handovers.ts'
import type { Window } from '../window/window.ts'
import type { WitnessedJournal } from '../witness/witnessed-journal.ts'
import { problemDocument } from './schemas.ts'

/** The parts of a running hub, put together in `open-parts.ts`. */
export type HubParts = {
  readonly db: Db
  readonly vault: Vault
  readonly journal: Journal
  /** The same under its witnesses; null where no policy is set. */
  readonly witnessed: WitnessedJournal | null
  readonly intake: Intake
  readonly origins: Origins
  readonly epochs: EpochKeys
  readonly ends: EpochEnds
  /** Whether the hub's own clock is believed. */
  readonly clock: HubClock
  readonly keks: KekDesk
  readonly keys: HubKeys
  readonly alarms: Alarms
  readonly reviews: Reviews
  readonly evaluations: Evaluations
  /** Runs contractors' models inside. */
  readonly candidates: CandidateEvaluations
  /** Tells other systems of events. */
  readonly deliveries: Deliveries
  /** Reads plates for programs outside. */
  readonly desk: ReaderDesk
  /** Finds copies outside. */
  readonly leaks: Leaks
  /** Marks every copy that is shown. */
  readonly marker: Marker
  readonly policy: Policy
  /** The agency's own sign-in; null where the hub has none. */
  readonly provider: Provider | null
  /** Copies that are handed to parties outside. */
  readonly releases: Releases
  readonly events: Events
  readonly watch: WatchList
  readonly travellers: Travellers
  /** What is said of faces, and whom they are compared with. */
  readonly faces: Faces
  /** What faces are compared with; null where they are off. */
  readonly matching: Matching | null
  /** Who is expected at a place and time. */
  readonly galleries: Galleries
  /** By which rules those who cross often come together, and the galleries made by them. */
  readonly frequentRules: FrequentRules
  readonly frequentGalleries: FrequentGalleries
  /** What a distance means, measured on what is held. */
  readonly vaultCalibrations: VaultCalibrations
  readonly stays: Stays
  /** What people decide at the window and in secondary. */
  readonly window: Window
  /** Lanes from one officer to the next. */
  readonly handovers: Handovers
  /** On what ground faces are compared here. */
  readonly basis: FaceBasis
  /** What signs say beside what is in force. */
  readonly signs: { readonly ageMin: number; readonly contact: string | null }
  /** What is kept how long, and what is shredded. */
  readonly retention: Retention
  /** Closed months beside the rows, for a second engine. */
  readonly months: Months
  readonly port: PortRow
  /** Where a replay of 2019 left its result; most hubs have none. */
  readonly replayFile: string
  /** The lane beside this hub that takes pictures from the console; null where none does. */
  readonly pictureLane: HubSettings['pictureLane'] | null
  /** True when the crossings are drawn by the demo itself. */
  readonly synthetic: boolean
  /** Scheme, host and port people use: `http://localhost:8080`. */
  readonly origin: string
  readonly now: () => Date
  readonly report: (message: string) => void
}

export type SignedIn = {
  readonly id: string
  readonly name: string
  /** None for a contractor's people, whatever their account says. */
  readonly roles: readonly Role[]
  /** `agency` for its own people. */
  readonly party: string
  readonly tokenHash: Buffer
}

export type Env = {
  Variables: {
    person: SignedIn
    /** Whether the person's party works under supervision. */
    supervised: boolean
    /** Why this request of `person` does not go on under supervision; null when it does (`supervise.ts`). */
    supervise: (person: SignedIn) => Promise<Problem | null>
  }
}
export type App = OpenAPIHono<Env>

/** An integrator keeps lanes running and sees no crossings. */
export const crossingReaders = ['officer', 'supervisor', 'privacy', 'auditor', 'responder'] as const

export const openingReaders = ['auditor', 'privacy', 'supervisor'] as const

export const sessionCookie = 'sallyport_session'

/** Who sends this request, by its session cookie. */
export async function personOf(context: Context, { db, now }: HubParts): Promise<SignedIn | null> {
  const token = getCookie(context, sessionCookie)
  if (token === undefined || token.length > 100) return null
  const hash = tokenHash(token)
  const account = await sessionAccount(db, hash, now())
  if (account === null) return null
  const { id, name, party } = account
  return { id, name, party, roles: party === 'agency' ? account.roles : [], tokenHash: hash }
}

/** Middleware: lets signed-in people through, only those with one of `needed` when it is given. */
export function signedIn(parts: HubParts, needed?: readonly Role[]) {
  return async (context: Context<Env>, next: () => Promise<void>): Promise<Response | void> => {
    const person = await personOf(context, parts)
    if (person === null)
      return answer(
        context,
        problem(
          'not_signed_in',
          'Open the one-time link that the hub printed, or use your passkey.',
        ),
      )
    if (needed !== undefined && !needed.some((role) => person.roles.includes(role))) {
      return answer(
        context,
        problem('role_missing', `This needs one of the roles: ${needed.join(', ')}.`),
      )
    }
    const held = await context.var.supervise(person)
    if (held !== null) return answer(context, held)
    context.set('person', person)
    await next()
  }
}

/** Middleware: lets the agency's own people through, whatever their roles. */
export function ofAgency(parts: HubParts) {
  const check = signedIn(parts)
  return (context: Context<Env>, next: () => Promise<void>): Promise<Response | void> =>
    check(context, async () => {
      if (context.var.person.party === 'agency') await next()
      else
        context.res = answer(
          context,
          problem(
            'role_missing',
            'This is for the agency’s own people. Your page has your grants.',
          ),
        )
    })
}

/** The `responses` entry of a JSON answer. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { content: { 'application/json': { schema } }, description }
}

/** The `request.body` entry of a JSON request. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

/** Every route can answer with a problem document. */
export const problems = {
  default: {
    content: { 'application/problem+json': { schema: problemDocument } },
    description: 'A problem',
  },
} as const

/** Answers with a problem; typed so that any handler may return it. */
export function refuse(
  context: Context,
  code: ProblemCode,
  detail: string,
  extra?: Readonly<Record<string, unknown>>,
): never {
  // Problem answers are described by `default` in the document, which handler types do not cover.
  return answer(context, problem(code, detail, extra)) as never
}
