/** What a hand-over page of a lane's computer means to whoever takes it over. Pure: statement and records in, findings out. */

/** As much of the signed statement as is judged (`proof/src/device-attestation.ts`). */
export type Attested = {
  readonly state: { readonly kind: 'stopped' | 'in_maintenance' }
  readonly clock:
    | { readonly kind: 'alone' }
    | {
        readonly kind: 'compared'
        readonly offset_ms: number
        readonly round_trip_ms: number
      }
  readonly unread: readonly string[]
  readonly drives: readonly { readonly name: string; readonly bus: string }[]
  readonly usb: readonly unknown[]
  readonly left_out: number
  readonly keys: {
    readonly agency_public_key: string
    readonly epochs: { readonly kind: 'none' | 'kept' }
  }
  readonly spool: { readonly waiting: number; readonly refused: number }
  readonly directory: {
    readonly skipped: number
    readonly strays: number
    readonly named: readonly { readonly kind: string; readonly name: string }[]
  }
  readonly events: { readonly last: number; readonly sha256: string; readonly waiting: number }
  readonly changes: readonly string[]
}

/** What the hub knows beside it. */
export type AttestationRecords = {
  readonly agencyPublicKey: string
  /** Hash of the event that the hub has under the number the device calls its last; null: it has none. */
  readonly lastEventSha256: string | null
  /** Whether the order that the device names was under way when it says so. */
  readonly orderStood: boolean
}

export type AttestationFindingCode =
  | 'unsealed_on_disk'
  | 'strays'
  | 'not_all_looked_at'
  | 'part_unread'
  | 'drive_attached'
  | 'thing_attached'
  | 'changed_meanwhile'
  | 'bundles_waiting'
  | 'bundles_refused'
  | 'events_waiting'
  | 'events_missing'
  | 'events_differ'
  | 'clock_off'
  | 'clock_alone'
  | 'other_agency'
  | 'no_epochs'
  | 'order_unknown'

export type AttestationFinding = {
  readonly code: AttestationFindingCode
  /** A page with a `bad` one is not to be signed by whoever takes the computer over. */
  readonly weight: 'bad' | 'notice'
  readonly detail: string
}

/** Beyond this the clock of a lane that is handed over has to be set. */
const clockOffMsMax = 2_000
const neverUnsealed = ['picture', 'private_key', 'unsealed']

/** Everything that whoever takes the computer over should know; `records` null: judged without the hub. */
export function judgeAttestation(
  attested: Attested,
  records: AttestationRecords | null,
): readonly AttestationFinding[] {
  return [
    ...ofDisk(attested),
    ...ofComputer(attested),
    ...ofRecords(attested, records),
    ...ofClock(attested),
  ]
}

function* ofDisk({ directory, spool }: Attested): Generator<AttestationFinding> {
  const unsealed = directory.named.filter(({ kind }) => neverUnsealed.includes(kind))
  if (unsealed.length > 0)
    yield bad(
      'unsealed_on_disk',
      `Unsealed on the disk: ${namesOf(unsealed)}. Keep the computer, and open an incident.`,
    )
  const others = directory.strays - unsealed.length
  if (others > 0)
    yield bad(
      'strays',
      `${others} of the files in the lane’s directory do not belong there${named(directory.named.filter(({ kind }) => !neverUnsealed.includes(kind)))}. Find out whose they are.`,
    )
  if (directory.skipped > 0)
    yield bad('not_all_looked_at', `${directory.skipped} files were not looked at.`)
  if (spool.waiting > 0)
    yield notice(
      'bundles_waiting',
      `${spool.waiting} sealed bundles wait for the hub. Let the lane deliver them before it leaves.`,
    )
  if (spool.refused > 0)
    yield notice(
      'bundles_refused',
      `${spool.refused} sealed bundles lie there that the hub refused.`,
    )
}

function* ofComputer({
  drives,
  usb,
  changes,
  unread,
  left_out,
}: Attested): Generator<AttestationFinding> {
  const carried = drives.filter(({ bus }) => bus !== 'other')
  if (carried.length > 0)
    yield bad(
      'drive_attached',
      `Drives that can be carried away are attached: ${namesOf(carried)}. Take them out and attest again.`,
    )
  if (usb.length > 0)
    yield notice('thing_attached', `On the USB, apart from drives and hubs: ${usb.length}.`)
  if (changes.length > 0)
    yield bad(
      'changed_meanwhile',
      'The computer changed while it was looked at. Attest again, with nobody at it.',
    )
  if (unread.length > 0)
    yield bad('part_unread', `This system does not tell: ${unread.join(', ').replace('_', ' ')}.`)
  if (left_out > 0)
    yield bad('not_all_looked_at', `${left_out} drives, mounts or things found no room here.`)
}

function* ofRecords(
  { events, keys, state }: Attested,
  records: AttestationRecords | null,
): Generator<AttestationFinding> {
  if (keys.epochs.kind === 'none')
    yield notice('no_epochs', 'It has no recipients of days yet: it can seal nothing.')
  if (events.waiting > 0)
    yield notice('events_waiting', `${events.waiting} of its events wait for the hub.`)
  if (records === null) return
  if (keys.agency_public_key !== records.agencyPublicKey)
    yield bad('other_agency', 'It believes another agency’s key. Enrol it again.')
  if (events.last > 0 && records.lastEventSha256 === null && events.waiting === 0)
    yield bad('events_missing', `The hub has no event ${events.last} of it.`)
  if (records.lastEventSha256 !== null && records.lastEventSha256 !== events.sha256)
    yield bad('events_differ', `Its event ${events.last} is not the one that the hub has.`)
  if (state.kind === 'in_maintenance' && !records.orderStood)
    yield bad('order_unknown', 'The work order that it names was not under way at the hub then.')
}

function* ofClock({ clock }: Attested): Generator<AttestationFinding> {
  if (clock.kind === 'alone')
    yield notice(
      'clock_alone',
      'Made without the hub: its clock was not compared, and it may be older than it says.',
    )
  else if (Math.abs(clock.offset_ms) - clock.round_trip_ms / 2 > clockOffMsMax)
    yield bad(
      'clock_off',
      `Its clock is ${(Math.abs(clock.offset_ms) / 1000).toFixed(1)} s ${clock.offset_ms > 0 ? 'ahead' : 'behind'}. Set it and attest again.`,
    )
}

function named(files: readonly { readonly name: string }[]): string {
  return files.length === 0 ? '' : `: ${namesOf(files)}`
}

function namesOf(files: readonly { readonly name: string }[]): string {
  const first = files.slice(0, 5).map(({ name }) => name)
  return `${first.join(', ')}${files.length > first.length ? ', …' : ''}`
}

function bad(code: AttestationFindingCode, detail: string): AttestationFinding {
  return { code, weight: 'bad', detail }
}

function notice(code: AttestationFindingCode, detail: string): AttestationFinding {
  return { code, weight: 'notice', detail }
}
