/** The cases of specs/vectors/policy as rows of a live hub, so that each can be asked through a real door. */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { inviteAccount } from '@sallyport/hub/accounts'
import type { GrantDocument } from '@sallyport/hub/policy/stored-terms'
import { startShift } from '@sallyport/store/accounts'
import type { Db } from '@sallyport/store/postgres/database'
import { parse } from 'yaml'

import { deliver, enrolTestDevice, readsOf } from './device.ts'
import type { TestHub } from './hub.ts'
import { crossWith, unsureReads } from './review.ts'

type Ask = {
  readonly action?: 'view' | 'export' | 'train'
  readonly person: { readonly party: string; readonly party_kind: string; readonly roles: string[] }
  readonly capture: {
    readonly class: 'plate' | 'scene' | 'face'
    readonly lane: string
    readonly minutes_ago: number
    readonly review: 'none' | 'waiting'
    readonly bytes: number
  }
  readonly purpose: string
  readonly view: string
  readonly grant: 'none' | 'proposed' | 'signed' | 'suspended' | 'revoked'
  readonly used: { readonly pictures: number; readonly bytes: number }
  readonly seconded: boolean
  readonly supervised: boolean
  readonly shift: { readonly lane: string; readonly minutes_ago: number } | null
}

export type PolicyCase = {
  readonly name: string
  readonly ask?: Partial<Omit<Ask, 'person' | 'capture'>> & {
    readonly person?: Partial<Ask['person']>
    readonly capture?: Partial<Ask['capture']>
  }
  readonly terms?: Partial<GrantDocument>
  readonly decision: string
  readonly policies?: readonly string[]
}

type CaseFile = { readonly ask: Ask; readonly terms: GrantDocument; readonly cases: PolicyCase[] }

/** When every case is asked: a Monday, 09:00 at the port. */
export const askedAt = new Date('2026-11-23T15:00:00.000Z')

const file = parse(readFileSync('specs/vectors/policy/decisions.yaml', 'utf8')) as CaseFile
export const policyCases = file.cases

/** What a door is asked, as the body of `POST /v1/policy/decisions`. */
export type DoorQuestion = {
  readonly capture: string
  readonly account: string
  readonly purpose: string
  readonly view: 'plate_crop' | 'original'
  readonly grant?: string
}

const ago = (minutes: number): Date => new Date(askedAt.getTime() - minutes * 60_000)

/** A hub with two lanes, two contractors and one sure and one unsure crossing, ready for every case. */
export async function preparePolicyCases(hub: TestHub) {
  const { db } = hub.hub.parts
  const device = await enrolTestDevice(hub, 'lane-1')
  await enrolTestDevice(hub, 'lane-2')
  const keeper = await hub.signIn(['supervisor'])
  for (const [id, kind, parent] of [
    ['gate-works', 'prime', 'agency'],
    ['north-optics', 'subcontractor', 'gate-works'],
  ] as const)
    await keeper.request('/v1/parties', {
      method: 'POST',
      body: JSON.stringify({ id, kind, parent, name: id, contact: 'duty desk' }),
    })
  const { bytes, manifest } = device.bundle({
    reads: Buffer.from(JSON.stringify(readsOf('SURE1'))),
  })
  const taken = await deliver(hub, bytes)
  if (taken.status !== 201) throw new Error(await taken.text())
  const sure = manifest.bodies.find((body) => body.class === 'plate')?.id ?? ''
  const { plate: unsure } = await crossWith(hub, device, unsureReads(['MAYBE1', 'MAYBE2']))

  return async function prepare(one: PolicyCase): Promise<DoorQuestion> {
    const ask = {
      ...file.ask,
      ...one.ask,
      person: { ...file.ask.person, ...one.ask?.person },
      capture: { ...file.ask.capture, ...one.ask?.capture },
    }
    await forget(db)
    // The terms of a version never change, so every case has a grant of its own.
    const grant = randomBytes(16).toString('hex')
    const account = await personOf(hub, ask)
    const capture = ask.capture.review === 'waiting' ? unsure : sure
    await placeCapture(db, capture, ask.capture)
    if (ask.grant !== 'none')
      await placeGrant(db, grant, ask, { ...file.terms, ...one.terms }, account)
    if (ask.supervised) await supervise(db, ask.person.party, account)
    if (ask.seconded) await agree(db, grant, ask, capture, account)
    if (ask.shift !== null)
      await startShift(db, {
        account,
        lane: ask.shift.lane,
        started_at: ago(ask.shift.minutes_ago),
      })
    return {
      capture,
      account,
      purpose: ask.purpose,
      view: ask.view === 'plate_crop' ? 'plate_crop' : 'original',
      ...(ask.grant === 'none' ? {} : { grant }),
    }
  }
}

async function forget(db: Db): Promise<void> {
  for (const table of [
    'supervision',
    'seconding',
    'grant_use',
    'access_grant',
    'equipment',
    'shift',
  ] as const)
    await db.deleteFrom(table).execute()
}

async function personOf(hub: TestHub, { person }: Ask): Promise<string> {
  const { db } = hub.hub.parts
  await inviteAccount('Asking', [], hub.hub.parts, { party: person.party })
  const { id } = await db
    .selectFrom('account')
    .select('id')
    .where('name', '=', 'Asking')
    .orderBy('created_at', 'desc')
    .executeTakeFirstOrThrow()
  const kind = person.party_kind as 'agency' | 'prime' | 'subcontractor'
  const parent = kind === 'agency' ? null : kind === 'prime' ? 'agency' : 'gate-works'
  await db.updateTable('party').set({ kind, parent }).where('id', '=', person.party).execute()
  await db
    .updateTable('account')
    .set({ roles: person.roles as never, name: 'Asked' })
    .where('id', '=', id)
    .execute()
  return id
}

async function placeCapture(db: Db, id: string, what: Ask['capture']): Promise<void> {
  const received = ago(what.minutes_ago)
  const { crossing } = await db
    .updateTable('capture')
    .set({ class: what.class, bytes: what.bytes, received_at: received })
    .where('id', '=', id)
    .returning('crossing')
    .executeTakeFirstOrThrow()
  await db
    .updateTable('capture')
    .set({ received_at: received })
    .where('crossing', '=', crossing)
    .execute()
  await db
    .updateTable('crossing')
    .set({ lane: what.lane, received_at: received })
    .where('id', '=', crossing)
    .execute()
}

/** The grant as its two people would have signed it, its ports named as this hub's port is. */
async function placeGrant(
  db: Db,
  grant: string,
  ask: Ask,
  document: GrantDocument,
  by: string,
): Promise<void> {
  const ports = document.ports.map((port) => (port === 'north-bridge' ? 'test-port' : port))
  const signed = ask.grant !== 'proposed'
  await db
    .insertInto('access_grant')
    .values({
      id: grant,
      version: 1,
      party: document.party,
      terms: JSON.stringify({ ...document, ports }),
      policy: '',
      policy_sha256: Buffer.alloc(32),
      proposed_at: ago(60),
      proposed_by: by,
      signed_at: signed ? ago(30) : null,
      signed_by: signed ? by : null,
      signed_log_index: signed ? 0 : null,
      revoked_at: ask.grant === 'revoked' ? ago(1) : null,
      revoked_by: ask.grant === 'revoked' ? by : null,
      revoked_reason: ask.grant === 'revoked' ? 'ended' : null,
      log_index: 0,
    })
    .execute()
  if (ask.grant === 'suspended')
    await db
      .insertInto('equipment')
      .values({
        id: 'e1'.repeat(16),
        party: document.party,
        name: 'camera',
        place: 'lane-1',
        added_at: ago(10_000),
        assessed_at: null,
        assessed_by: null,
        due_at: ago(1),
        removed_at: null,
        removed_by: null,
      })
      .execute()
  await db
    .insertInto('grant_use')
    .values({ access_grant: grant, day: '2026-11-23', ...ask.used })
    .execute()
}

async function supervise(db: Db, party: string, by: string): Promise<void> {
  const salts = { terms_salt: Buffer.alloc(16), set_salt: Buffer.alloc(16) }
  await db
    .insertInto('supervision')
    .values({
      id: 'a5'.repeat(16),
      party,
      reason: '',
      set_at: ago(9),
      set_by: by,
      ...salts,
      log_index: 0,
    })
    .execute()
}

async function agree(
  db: Db,
  grant: string,
  ask: Ask,
  capture: string,
  account: string,
): Promise<void> {
  await db
    .insertInto('seconding')
    .values({
      id: 'f1'.repeat(16),
      access_grant: grant,
      capture,
      purpose: ask.purpose,
      asked_at: ago(5),
      asked_by: account,
      reason: 'to see it',
      answered_at: ago(ask.supervised ? 1 : 2),
      answered_by: account,
      agreed: true,
      log_index: 0,
      used_by: null,
      ...(ask.supervised
        ? { live: true, view: ask.view, grant_version: 1, action_salt: Buffer.alloc(16) }
        : {}),
    })
    .execute()
}
