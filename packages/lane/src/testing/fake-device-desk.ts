/** What the hub of tests answers about a device itself: its events, and whether it is in service. */

import { fromHex, toBase64, toHex } from '@sallyport/proof/bytes'
import {
  type DeviceEventStatement,
  encodeDeviceEvent,
  verifyDeviceEvent,
} from '@sallyport/proof/device-event'
import { encodeDutyOrder, signDutyOrder } from '@sallyport/proof/maintenance-order'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { sign, verify } from '@sallyport/proof/node/ed25519'

/** Takes an event as the hub does; answers as the hub does, and complains about what a lane must not send. */
export function takeEvent(
  {
    events,
    complaints,
  }: { readonly events: DeviceEventStatement[]; readonly complaints: string[] },
  publicKey: Uint8Array | null,
  body: Uint8Array,
  signature: string,
): { readonly status: number; readonly json: object } {
  const by = publicKey ?? new Uint8Array(32)
  const verified = verifyDeviceEvent(by, body, fromHex(signature) ?? new Uint8Array(), verify)
  if (verified.kind === 'refused') {
    complaints.push(verified.detail)
    return { status: 400, json: { code: 'malformed_request' } }
  }
  const { statement } = verified
  const same = events.find(({ sequence }) => sequence === statement.sequence)
  const last = events.at(-1)
  if (same !== undefined && last !== undefined && !sameBytes(same, statement))
    return {
      status: 409,
      json: {
        code: 'sequence_conflict',
        last_sequence: last.sequence,
        last_sha256: sha256Hex(encodeDeviceEvent(last)),
      },
    }
  const expected = (events.at(-1)?.sequence ?? 0) + 1
  if (statement.sequence > expected)
    complaints.push(`event ${statement.sequence} came instead of ${expected}`)
  if (statement.sequence === expected) events.push(statement)
  return { status: 201, json: { sequence: statement.sequence, log_index: 1 } }
}

function sameBytes(one: DeviceEventStatement, other: DeviceEventStatement): boolean {
  return sha256Hex(encodeDeviceEvent(one)) === sha256Hex(encodeDeviceEvent(other))
}

/** The signed word on whether a device is in service. */
export function dutyAnswer(
  device: string,
  order: string | null,
  agencySeed: Uint8Array,
  now: Date,
): { readonly document: string; readonly signature: string } {
  const told = { version: 1, device, issued_at: now.toISOString() } as const
  const document = encodeDutyOrder(
    order === null ? { kind: 'service', ...told } : { kind: 'maintenance', ...told, order },
  )
  return {
    document: toBase64(document),
    signature: toHex(signDutyOrder(agencySeed, document, sign)),
  }
}
