/**
 * What a device saw of itself (specs/manifest.md, Events of a device): a drive that was plugged in, its
 * enclosure opened, its computer started anew, its clock set. Signed with its key, numbered and chained
 * apart from its crossings, so that one that is held back is missed.
 */

import {
  byKind,
  duration,
  hex256,
  id128,
  instant,
  name,
  oneOf,
  record,
  type Shape,
  text,
  whole,
} from './canonical-json.ts'
import { limits } from './limits.ts'
import { signedStatement } from './signed-statement.ts'

export const driveBuses = ['usb', 'card', 'optical', 'other'] as const
export type DriveBus = (typeof driveBuses)[number]

/** How the device came to see it: as it happened, or there when it began to look. */
const seenWays = ['happened', 'found'] as const
export type SeenWay = (typeof seenWays)[number]

export type DeviceEvent =
  | {
      readonly kind: 'media_inserted'
      readonly seen: SeenWay
      /** As the system calls it, such as sdb. */
      readonly drive: string
      readonly bus: DriveBus
      readonly bytes: number
      /** Maker, model and serial number as the drive says; printable ASCII. */
      readonly maker: string
      readonly model: string
      readonly serial: string
    }
  | {
      readonly kind: 'media_removed'
      readonly seen: SeenWay
      readonly drive: string
      readonly serial: string
    }
  | {
      /** Something on the USB that is no drive: a telephone, a network adapter, a keyboard. */
      readonly kind: 'usb_attached'
      readonly seen: SeenWay
      readonly place: string
      readonly vendor: string
      readonly product: string
      readonly serial: string
    }
  | { readonly kind: 'enclosure_opened'; readonly seen: SeenWay; readonly sensor: string }
  | { readonly kind: 'enclosure_closed'; readonly seen: SeenWay; readonly sensor: string }
  /** The computer was started; `watched_until` is when the device last looked before. */
  | { readonly kind: 'boot'; readonly watched_until: string }
  /** The lane was started on a computer that ran on. */
  | { readonly kind: 'restart'; readonly watched_until: string }
  /** The wall clock moved against the one that never jumps; below 0 it was set back. */
  | { readonly kind: 'clock_step'; readonly step_ms: number }
  /**
   * The hub had another event under a number that the device was about to use: what it remembers of its events was
   * lost, damaged or set back. It was at `kept` and goes on after `known`, the hub's newest.
   */
  | { readonly kind: 'memory_lost'; readonly kept: number; readonly known: number }
  /** From here on nothing that the cameras see is read, kept or shown; `order` is the hub's id of it. */
  | { readonly kind: 'maintenance_began'; readonly order: string }
  | {
      readonly kind: 'maintenance_ended'
      readonly order: string
      /** Frames and pictures of the cameras that were not looked at. */
      readonly withheld: number
      /** Drawn pictures that the reader was given, and those of which it said what is drawn. */
      readonly drawn: number
      readonly read: number
    }
export const deviceEventKinds = [
  'media_inserted',
  'media_removed',
  'usb_attached',
  'enclosure_opened',
  'enclosure_closed',
  'boot',
  'restart',
  'clock_step',
  'memory_lost',
  'maintenance_began',
  'maintenance_ended',
] as const satisfies readonly DeviceEvent['kind'][]
export type DeviceEventKind = DeviceEvent['kind']

export type DeviceEventStatement = {
  readonly version: 1
  readonly device: string
  readonly lane: string
  /** From 1, without gaps, apart from the sequence of crossings. */
  readonly sequence: number
  /** SHA-256 of the statement before, hex; 64 zeros before the first. */
  readonly previous: string
  /** The lane's wall clock. */
  readonly observed_at: string
  /** Of the lane's process, as in manifests. */
  readonly boot: string
  readonly monotonic_ms: number
  readonly event: DeviceEvent
}

/** What a drive says of itself is a stranger's text. */
export const said: Shape<string> = text(
  /^[\x20-\x7e]{0,80}$/,
  'up to 80 printable ASCII characters',
)
const seen = oneOf(seenWays)

type Of<K extends DeviceEventKind> = Extract<DeviceEvent, { readonly kind: K }>

const eventShape = byKind<DeviceEvent>({
  media_inserted: record<Of<'media_inserted'>>({
    kind: oneOf(['media_inserted']),
    seen,
    drive: said,
    bus: oneOf(driveBuses),
    bytes: whole(0),
    maker: said,
    model: said,
    serial: said,
  }),
  media_removed: record<Of<'media_removed'>>({
    kind: oneOf(['media_removed']),
    seen,
    drive: said,
    serial: said,
  }),
  usb_attached: record<Of<'usb_attached'>>({
    kind: oneOf(['usb_attached']),
    seen,
    place: said,
    vendor: said,
    product: said,
    serial: said,
  }),
  enclosure_opened: record<Of<'enclosure_opened'>>({
    kind: oneOf(['enclosure_opened']),
    seen,
    sensor: said,
  }),
  enclosure_closed: record<Of<'enclosure_closed'>>({
    kind: oneOf(['enclosure_closed']),
    seen,
    sensor: said,
  }),
  boot: record<Of<'boot'>>({ kind: oneOf(['boot']), watched_until: instant }),
  restart: record<Of<'restart'>>({ kind: oneOf(['restart']), watched_until: instant }),
  clock_step: record<Of<'clock_step'>>({
    kind: oneOf(['clock_step']),
    step_ms: whole(-Number.MAX_SAFE_INTEGER),
  }),
  memory_lost: record<Of<'memory_lost'>>({
    kind: oneOf(['memory_lost']),
    kept: whole(0),
    known: whole(1),
  }),
  maintenance_began: record<Of<'maintenance_began'>>({
    kind: oneOf(['maintenance_began']),
    order: id128,
  }),
  maintenance_ended: record<Of<'maintenance_ended'>>({
    kind: oneOf(['maintenance_ended']),
    order: id128,
    withheld: whole(0),
    drawn: whole(0),
    read: whole(0),
  }),
})

const shape = record<DeviceEventStatement>({
  version: oneOf([1]),
  device: id128,
  lane: name,
  sequence: whole(1),
  previous: hex256,
  observed_at: instant,
  boot: id128,
  monotonic_ms: duration,
  event: eventShape,
})

/** Written, signed and believed as `signed-statement.ts` says. */
export const {
  encode: encodeDeviceEvent,
  sign: signDeviceEvent,
  verify: verifyDeviceEvent,
} = signedStatement({
  shape,
  domain: 'sallyport/device-event/v1',
  bytesMax: limits.deviceEventMax,
  malformed: 'malformed_event',
  signer: 'device',
})

/** Text of a drive or sensor as a statement can carry it: other characters become question marks. */
export function sayable(said: string): string {
  return said
    .trim()
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 80)
}
