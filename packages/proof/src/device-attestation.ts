/**
 * What a lane's computer was found to be at a hand-over (specs/manifest.md, Hand-over): its ports, drives
 * and keys, and that its disk holds nothing unsealed. Made on the lane, signed with the device's key. It says what
 * was looked at; whoever rules the computer can lie to it.
 */

import {
  byKind,
  day,
  duration,
  hex256,
  id128,
  instant,
  list,
  name,
  oneOf,
  record,
  type Shape,
  whole,
} from './canonical-json.ts'
import {
  type DeviceEventKind,
  deviceEventKinds,
  type DriveBus,
  driveBuses,
  said,
} from './device-event.ts'
import { limits } from './limits.ts'
import { signedStatement } from './signed-statement.ts'

/** What a system may keep from whoever looks. */
const unreadParts = ['boot', 'drives', 'mounts', 'networks', 'usb', 'usb_ports'] as const
export type UnreadPart = (typeof unreadParts)[number]

const strayKinds = ['picture', 'private_key', 'unsealed', 'unknown', 'link', 'unreadable'] as const
/** Why a file does not belong into a lane's directory. */
export type StrayKind = (typeof strayKinds)[number]

export type AttestedDrive = {
  readonly name: string
  readonly bus: DriveBus
  readonly bytes: number
  readonly maker: string
  readonly model: string
  readonly serial: string
  /** Where it, its parts and what is made of them are mounted. */
  readonly mounts: readonly string[]
}

export type AttestedNetwork = {
  readonly name: string
  readonly kind: 'wired' | 'wireless' | 'virtual'
  readonly link: 'up' | 'down' | 'unknown'
  readonly address: string
}

export type AttestedThing = {
  readonly place: string
  readonly vendor: string
  readonly product: string
  readonly serial: string
}

export type Stray = {
  readonly kind: StrayKind
  /** Its path in the lane's directory. */
  readonly name: string
  readonly bytes: number
}

export type DeviceAttestation = {
  readonly version: 1
  /** Random: its hash in the log tells nobody what it says. */
  readonly attestation: string
  readonly device: string
  readonly lane: string
  readonly port: string
  /** By the lane's clock. */
  readonly made_at: string
  /** A lane that runs is attested in maintenance only: else what it holds changes meanwhile. */
  readonly state:
    | { readonly kind: 'stopped' }
    | { readonly kind: 'in_maintenance'; readonly order: string }
  /** Against the hub, whose `challenge` shows that it was made after it was asked; or without it. */
  readonly clock:
    | {
        readonly kind: 'compared'
        readonly challenge: string
        readonly hub_at: string
        /** Above 0 the lane is ahead; no more exact than half the time the answer took. */
        readonly offset_ms: number
        readonly round_trip_ms: number
      }
    | { readonly kind: 'alone' }
  /** Of every file of the program's packages. */
  readonly software: { readonly version: string; readonly files: number; readonly sha256: string }
  /** Of the computer's start; empty when it does not tell. */
  readonly boot: string
  readonly unread: readonly UnreadPart[]
  readonly usb_ports: { readonly ports: number; readonly taken: number }
  readonly usb: readonly AttestedThing[]
  readonly networks: readonly AttestedNetwork[]
  readonly drives: readonly AttestedDrive[]
  /** Of the lists above, beyond what a statement can carry. */
  readonly left_out: number
  readonly keys: {
    readonly device_public_key: string
    readonly agency_public_key: string
    readonly epochs:
      | { readonly kind: 'none' }
      | {
          readonly kind: 'kept'
          readonly first: string
          readonly last: string
          readonly recipients: number
          readonly document_sha256: string
        }
  }
  /** Sealed bundles, each parsed and hashed, that wait for the hub, and that it refused. */
  readonly spool: {
    readonly waiting: number
    readonly waiting_bytes: number
    readonly refused: number
    readonly refused_bytes: number
  }
  /** The lane's own directory, file by file. */
  readonly directory: {
    readonly files: number
    readonly bytes: number
    /** Beyond the limits of the scan. */
    readonly skipped: number
    /** All that do not belong; the first of them by name. */
    readonly strays: number
    readonly named: readonly Stray[]
  }
  /** The chain of its events: the last number, its statement's hash, and how many the hub has not got. */
  readonly events: { readonly last: number; readonly sha256: string; readonly waiting: number }
  /** What happened to the computer while it was looked at. */
  readonly changes: readonly DeviceEventKind[]
}

type State = DeviceAttestation['state']
type Clock = DeviceAttestation['clock']
type Epochs = DeviceAttestation['keys']['epochs']
type Of<T extends { readonly kind: string }, K> = Extract<T, { readonly kind: K }>

const { attestedMax, attestedMountsMax } = limits

const shape: Shape<DeviceAttestation> = record<DeviceAttestation>({
  version: oneOf([1]),
  attestation: id128,
  device: id128,
  lane: name,
  port: name,
  made_at: instant,
  state: byKind<State>({
    stopped: record<Of<State, 'stopped'>>({ kind: oneOf(['stopped']) }),
    in_maintenance: record<Of<State, 'in_maintenance'>>({
      kind: oneOf(['in_maintenance']),
      order: id128,
    }),
  }),
  clock: byKind<Clock>({
    compared: record<Of<Clock, 'compared'>>({
      kind: oneOf(['compared']),
      challenge: id128,
      hub_at: instant,
      offset_ms: whole(-Number.MAX_SAFE_INTEGER),
      round_trip_ms: duration,
    }),
    alone: record<Of<Clock, 'alone'>>({ kind: oneOf(['alone']) }),
  }),
  software: record({ version: said, files: whole(0), sha256: hex256 }),
  boot: said,
  unread: list(oneOf(unreadParts), 0, unreadParts.length),
  usb_ports: record({ ports: whole(0), taken: whole(0) }),
  usb: list(record({ place: said, vendor: said, product: said, serial: said }), 0, attestedMax),
  networks: list(
    record({
      name: said,
      kind: oneOf(['wired', 'wireless', 'virtual']),
      link: oneOf(['up', 'down', 'unknown']),
      address: said,
    }),
    0,
    attestedMax,
  ),
  drives: list(
    record({
      name: said,
      bus: oneOf(driveBuses),
      bytes: whole(0),
      maker: said,
      model: said,
      serial: said,
      mounts: list(said, 0, attestedMountsMax),
    }),
    0,
    attestedMax,
  ),
  left_out: whole(0),
  keys: record<DeviceAttestation['keys']>({
    device_public_key: hex256,
    agency_public_key: hex256,
    epochs: byKind<Epochs>({
      none: record<Of<Epochs, 'none'>>({ kind: oneOf(['none']) }),
      kept: record<Of<Epochs, 'kept'>>({
        kind: oneOf(['kept']),
        first: day,
        last: day,
        recipients: whole(1),
        document_sha256: hex256,
      }),
    }),
  }),
  spool: record({
    waiting: whole(0),
    waiting_bytes: whole(0),
    refused: whole(0),
    refused_bytes: whole(0),
  }),
  directory: record<DeviceAttestation['directory']>({
    files: whole(0),
    bytes: whole(0),
    skipped: whole(0),
    strays: whole(0),
    named: list(record({ kind: oneOf(strayKinds), name: said, bytes: whole(0) }), 0, attestedMax),
  }),
  events: record({ last: whole(0), sha256: hex256, waiting: whole(0) }),
  changes: list(oneOf(deviceEventKinds), 0, attestedMax),
})

/** Written, signed and believed as `signed-statement.ts` says. */
export const {
  encode: encodeDeviceAttestation,
  sign: signDeviceAttestation,
  verify: verifyDeviceAttestation,
} = signedStatement({
  shape,
  domain: 'sallyport/device-attestation/v1',
  bytesMax: limits.deviceAttestationMax,
  malformed: 'malformed_attestation',
  signer: 'device',
})
