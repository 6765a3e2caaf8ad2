/**
 * Epoch keys: one age recipient per port and UTC day, announced ahead and signed by the agency
 * (specs/seal.md). A lane seals to them and holds nothing that opens what it sealed.
 */

import { concat, fromHex, toHex, utf8 } from './bytes.ts'
import {
  day as dayShape,
  decodeJson,
  encodeJson,
  hex256,
  instant,
  list,
  name,
  oneOf,
  record,
} from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { limits } from './limits.ts'
import { recipientShape } from './manifest.ts'
import { type Refused, refuse } from './refusal.ts'
import { parseRecipient } from './seal-format.ts'

export type Epoch = { readonly day: string; readonly recipient: string }

/** One port's epoch of one day. */
export type EpochAnnouncement = {
  readonly version: 1
  readonly port: string
  readonly day: string
  readonly recipient: string
}

/** What the hub publishes: a port's epochs for the days ahead, days ascending and each once. */
export type EpochDocument = {
  readonly version: 1
  /** Ed25519 public key of the agency, hex. */
  readonly agency_key: string
  readonly port: string
  readonly epochs: readonly Epoch[]
  readonly issued_at: string
}

export type EpochRefusal = 'bad_signature' | 'malformed_epochs' | 'other_agency'
export type VerifiedEpochs =
  | {
      readonly kind: 'trusted'
      readonly epochs: readonly Epoch[]
      readonly document: EpochDocument
    }
  | Refused<EpochRefusal>

const documentShape = record<EpochDocument>({
  version: oneOf([1]),
  agency_key: hex256,
  port: name,
  epochs: list(record<Epoch>({ day: dayShape, recipient: recipientShape }), 1, limits.epochsMax),
  issued_at: instant,
})

/** The UTC day of an instant: `YYYY-MM-DD`. */
export function epochDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** `count` consecutive UTC days from that of `date`. */
export function epochDays(date: Date, count: number): readonly string[] {
  const first = Date.parse(`${epochDay(date)}T00:00:00.000Z`)
  return Array.from({ length: count }, (_, index) => epochDay(new Date(first + index * 86_400_000)))
}

/** The document's epoch of `day`; null when it has none. */
export function epochFor(document: EpochDocument, day: string): EpochAnnouncement | null {
  const found = document.epochs.find((epoch) => epoch.day === day)
  return found === undefined
    ? null
    : { version: 1, port: document.port, day, recipient: found.recipient }
}

/** Canonical bytes of a document. Throws when it breaks a rule. */
export function encodeEpochs(document: EpochDocument): Uint8Array {
  const broken = brokenRule(document)
  if (broken !== null) throw new Error(broken)
  return encodeJson(documentShape, document)
}

/** 64-byte signature over the domain line and the document's bytes. */
export function signEpochs(
  seed: Uint8Array,
  bytes: Uint8Array,
  sign: Ed25519Sign = signPure,
): Uint8Array {
  return sign(seed, signedBytes(bytes))
}

/**
 * Trusts a document only when the pinned agency key (32 bytes) signed it and it names that key.
 * Whether its port is the caller's, and how old `issued_at` may be, the caller decides.
 */
export function verifyEpochs(
  agencyKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  verify: Ed25519Verify = verifyPure,
): VerifiedEpochs {
  if (!verify(agencyKey, signedBytes(bytes), signature)) {
    return refuse('bad_signature', 'The agency did not sign these epochs.')
  }
  const decoded = decodeJson(documentShape, bytes, limits.epochDocumentMax)
  if (decoded.kind === 'problem') return refuse('malformed_epochs', decoded.detail)
  const document = decoded.value
  const broken = brokenRule(document)
  if (broken !== null) return refuse('malformed_epochs', broken)
  if (document.agency_key !== toHex(agencyKey)) {
    return refuse('other_agency', 'The epochs name another agency key.')
  }
  return { kind: 'trusted', epochs: document.epochs, document }
}

function brokenRule(document: EpochDocument): string | null {
  const { epochs } = document
  for (const [index, epoch] of epochs.entries()) {
    const before = epochs[index - 1]
    if (before !== undefined && before.day >= epoch.day) return '$.epochs are not ascending by day'
    if (parseRecipient(epoch.recipient) === null) return `$.epochs[${index}].recipient is malformed`
  }
  return fromHex(document.agency_key)?.length === 32 ? null : '$.agency_key is malformed'
}

function signedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/epochs/v1\n'), bytes)
}
