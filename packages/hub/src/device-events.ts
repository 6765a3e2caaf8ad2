/** What devices saw of themselves: checked, logged, alarmed, kept, in this order; answered only then. */

import type { AlarmKind } from '@sallyport/core/alarm'
import { judgeSequence, type SequenceVerdict } from '@sallyport/core/sequence'
import {
  type DeviceEvent,
  type DeviceEventStatement,
  verifyDeviceEvent,
} from '@sallyport/proof/device-event'
import { noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { verify } from '@sallyport/proof/node/ed25519'
import { type DeviceEventRow, insertDeviceEvent, knownEvents } from '@sallyport/store/device-events'
import type { DeviceRow } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'

import type { Alarms } from './alarms.ts'
import type { Events } from './events.ts'
import { newId } from './ids.ts'
import type { Journal } from './journal.ts'
import { type Problem, problem } from './problems.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly alarms: Alarms
  readonly events: Events
  readonly now: () => Date
}

type Taken = {
  readonly kind: 'taken'
  readonly sequence: number
  readonly logIndex: number
  readonly isNew: boolean
}

/**
 * Takes one signed event of `device`; for each device one at a time. The device may forget it once it
 * has this answer.
 */
export async function takeEvent(
  {
    device,
    bytes,
    signature,
  }: {
    readonly device: DeviceRow
    readonly bytes: Buffer
    readonly signature: Buffer
  },
  context: Context,
): Promise<Taken | Problem> {
  const verified = verifyDeviceEvent(device.public_key, bytes, signature, verify)
  if (verified.kind === 'refused')
    return verified.code === 'bad_signature'
      ? problem('bad_signature', 'The event was not signed by the enrolled key.')
      : problem('malformed_request', verified.detail)
  const { statement } = verified
  if (statement.device !== device.id || statement.lane !== device.lane)
    return problem('malformed_request', 'The event is of another device or lane.')
  const { db, events } = context
  const sha256 = sha256Hex(bytes)
  const { last, same } = await knownEvents(db, device.id, statement.sequence)
  const verdict = judge(statement, sha256, last, same)
  if (verdict.kind === 'duplicate' && same !== null)
    return {
      kind: 'taken',
      sequence: same.sequence,
      logIndex: same.log_index,
      isNew: false,
    }
  await raiseForOrder(verdict, statement, context)
  if (verdict.kind === 'conflict' && last !== null)
    return problem(
      'sequence_conflict',
      'Another event of this device has this number. Go on after the newest one.',
      { last_sequence: last.sequence, last_sha256: last.statement_sha256.toString('hex') },
    )
  const row = await logged(statement, { sha256, bytes, signature }, context)
  // Before the row: what a crash leaves without one is sent again, and told again.
  await raiseFor(statement, context)
  await insertDeviceEvent(db, row)
  events.publish('device_event', eventView(row))
  return { kind: 'taken', sequence: row.sequence, logIndex: row.log_index, isNew: true }
}

function judge(
  statement: DeviceEventStatement,
  sha256: string,
  last: DeviceEventRow | null,
  same: DeviceEventRow | null,
): SequenceVerdict {
  return judgeSequence(
    {
      lastSequence: last?.sequence ?? 0,
      lastManifestSha256: last?.statement_sha256.toString('hex') ?? noPrevious,
    },
    {
      sequence: statement.sequence,
      previous: statement.previous,
      sha256,
      acceptedSha256: same?.statement_sha256.toString('hex') ?? null,
    },
  )
}

async function logged(
  statement: DeviceEventStatement,
  {
    sha256,
    bytes,
    signature,
  }: {
    readonly sha256: string
    readonly bytes: Buffer
    readonly signature: Buffer
  },
  { journal, now }: Context,
) {
  const id = newId()
  const receivedAt = now()
  const logIndex = await journal.append({
    v: 1,
    at: receivedAt.toISOString(),
    kind: 'device_event',
    event: id,
    device: statement.device,
    sequence: statement.sequence,
    what: statement.event.kind,
    statement_sha256: sha256,
  })
  return {
    id,
    device: statement.device,
    lane: statement.lane,
    sequence: statement.sequence,
    kind: statement.event.kind,
    observed_at: new Date(statement.observed_at),
    received_at: receivedAt,
    statement: bytes,
    signature,
    statement_sha256: Buffer.from(sha256, 'hex'),
    log_index: logIndex,
  }
}

async function raiseForOrder(
  verdict: SequenceVerdict,
  { device, lane, sequence }: DeviceEventStatement,
  { alarms }: Context,
): Promise<void> {
  const wrong = orderWords(verdict, sequence)
  if (wrong !== null) await alarms.raise('device_events_missing', { device, lane }, wrong)
}

function orderWords(verdict: SequenceVerdict, sequence: number): string | null {
  switch (verdict.kind) {
    case 'next':
    case 'duplicate':
      return null
    case 'after_gap':
      return `Events ${verdict.from} to ${verdict.to} never came.`
    case 'chain_broken':
      return `Event ${sequence} does not follow the one before it.`
    case 'late':
      return `Event ${sequence} came after later ones.`
    case 'conflict':
      return `Two different events carry the number ${sequence}.`
  }
}

const alarmOf: Readonly<Record<DeviceEvent['kind'], AlarmKind | null>> = {
  media_inserted: 'media_inserted',
  media_removed: null,
  usb_attached: 'media_inserted',
  enclosure_opened: 'enclosure_opened',
  enclosure_closed: null,
  boot: 'device_booted',
  restart: null,
  clock_step: 'clock_stepped',
  memory_lost: 'device_events_missing',
  maintenance_began: null,
  maintenance_ended: null,
}

async function raiseFor(
  { device, lane, event, observed_at }: DeviceEventStatement,
  { alarms }: Context,
): Promise<void> {
  const kind = alarmOf[event.kind]
  if (kind === null) return
  const at = `${observed_at.slice(0, 19)}Z by the lane's clock`
  await alarms.raise(kind, { device, lane }, `${eventWords(event)} (${at}).`)
}

/** What happened, as part of a sentence. */
function eventWords(event: DeviceEvent): string {
  switch (event.kind) {
    case 'media_inserted': {
      const what = [event.maker, event.model].filter((text) => text !== '').join(' ')
      const serial = event.serial === '' ? 'no serial number' : `serial number ${event.serial}`
      const named = `${what === '' ? 'A drive' : what}, ${sizeWords(event.bytes)}, ${serial}`
      return `${named}, ${event.seen === 'found' ? 'was there as' : 'was plugged in as'} ${event.drive} (${event.bus})`
    }
    case 'media_removed':
      return `The drive ${event.drive} ${event.seen === 'found' ? 'is gone' : 'was taken out'}${event.serial === '' ? '' : `, serial number ${event.serial}`}`
    case 'usb_attached':
      return `${[event.vendor, event.product].filter((text) => text !== '').join(' ') || 'Something'} ${event.seen === 'found' ? 'was there' : 'was plugged in'} at USB ${event.place}${event.serial === '' ? '' : `, serial number ${event.serial}`}`
    case 'enclosure_opened':
      return `${event.sensor} says that the enclosure ${event.seen === 'found' ? 'stands open' : 'was opened'}`
    case 'enclosure_closed':
      return `${event.sensor} says that the enclosure ${event.seen === 'found' ? 'is closed again' : 'was closed'}`
    case 'boot':
      return `The computer was started; nobody looked from ${event.watched_until.slice(0, 19)}Z`
    case 'restart':
      return `The lane was started; nobody looked from ${event.watched_until.slice(0, 19)}Z`
    case 'clock_step': {
      const seconds = (Math.abs(event.step_ms) / 1000).toFixed(1)
      return `The clock was set ${event.step_ms < 0 ? 'back' : 'forward'} by ${seconds} s`
    }
    case 'memory_lost':
      return `What the lane remembers of its events was lost or set back: it was at ${event.kept}, and goes on after ${event.known}`
    case 'maintenance_began':
      return 'The lane is in maintenance: nothing that its cameras see is read, kept or shown'
    case 'maintenance_ended':
      return `The lane is in service again; ${event.withheld} pictures of its cameras were not looked at, ${event.read} of ${event.drawn} drawn ones read right`
  }
}

function sizeWords(bytes: number): string {
  return bytes >= 1e12 ? `${(bytes / 1e12).toFixed(1)} TB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** A stored event as the API gives it. */
export function eventView(
  row: Pick<
    DeviceEventRow,
    'id' | 'device' | 'lane' | 'sequence' | 'kind' | 'observed_at' | 'received_at' | 'log_index'
  > & { readonly statement: Uint8Array },
) {
  const said = JSON.parse(Buffer.from(row.statement).toString('utf8')) as DeviceEventStatement
  return {
    id: row.id,
    device: row.device,
    lane: row.lane,
    sequence: row.sequence,
    kind: row.kind,
    observed_at: row.observed_at.toISOString(),
    received_at: row.received_at.toISOString(),
    detail: eventWords(said.event),
    alarm: alarmOf[row.kind],
    log_index: row.log_index,
  }
}
