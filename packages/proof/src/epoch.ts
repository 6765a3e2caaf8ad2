/**
 * Epoch keys: age recipients per port and UTC day, announced ahead and signed by the agency
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
  type Shape,
  text,
} from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { limits } from './limits.ts'
import { type BodyClass, bodyClasses, recipientShape } from './manifest.ts'
import { type Refused, refuse } from './refusal.ts'
import { parseHybridRecipient, parseRecipient } from './seal-format.ts'

export type Epoch = {
  readonly day: string
  readonly recipient: string
  /** In documents from version 2 on, and only there. */
  readonly hybrid_recipient?: string
}

/** What a lane seals to on one day. */
export type DayEpoch = {
  readonly day: string
  readonly recipient: string
  /** For the classes that the agency keeps over five years; null in documents of version 1. */
  readonly hybrid: { readonly recipient: string; readonly classes: readonly BodyClass[] } | null
}

/** What the hub publishes: a port's epochs for the days ahead, days ascending and each once. */
export type EpochDocument = {
  readonly version: 1 | 2 | 3
  /** Ed25519 public key of the agency, hex. */
  readonly agency_key: string
  readonly port: string
  /** From version 2 on: what is sealed to the hybrid recipient of its day, in the order of `bodyClasses`. */
  readonly hybrid_classes?: readonly BodyClass[]
  readonly epochs: readonly Epoch[]
  /** Version 3: when these recipients replaced others at once; absent where they never did. */
  readonly rotated_at?: string
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

const hybridRecipientShape: Shape<string> = text(
  /^age1pq1[02-9ac-hj-np-z]{1952}$/,
  'a hybrid age recipient',
)

const documentShape = record<EpochDocument>(
  {
    version: oneOf([1, 2, 3]),
    agency_key: hex256,
    port: name,
    hybrid_classes: list(oneOf(bodyClasses), 0, bodyClasses.length),
    epochs: list(
      record<Epoch>(
        { day: dayShape, recipient: recipientShape, hybrid_recipient: hybridRecipientShape },
        ['hybrid_recipient'],
      ),
      1,
      limits.epochsMax,
    ),
    rotated_at: instant,
    issued_at: instant,
  },
  ['hybrid_classes', 'rotated_at'],
)

/** The UTC day of an instant: `YYYY-MM-DD`. */
export function epochDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** `count` consecutive UTC days from that of `date`. */
export function epochDays(date: Date, count: number): readonly string[] {
  const first = Date.parse(`${epochDay(date)}T00:00:00.000Z`)
  return Array.from({ length: count }, (_, index) => epochDay(new Date(first + index * 86_400_000)))
}

/**
 * Whether a lane that holds `held` may take `offered`. What replaced recipients at once is never given up
 * for what came before it, whatever the clocks said; without that, and else, the later issued counts.
 */
export function supersedes(offered: EpochDocument, held: EpochDocument | null): boolean {
  if (held === null) return true
  if (offered.version < held.version) return false
  const [then, now] = [held.rotated_at ?? '', offered.rotated_at ?? '']
  return now === then ? offered.issued_at >= held.issued_at : now > then
}

/** What a lane seals to on `day`; null when the document does not have it. */
export function epochFor(document: EpochDocument, day: string): DayEpoch | null {
  const found = document.epochs.find((epoch) => epoch.day === day)
  if (found === undefined) return null
  const { recipient, hybrid_recipient } = found
  const hybrid =
    hybrid_recipient === undefined
      ? null
      : { recipient: hybrid_recipient, classes: document.hybrid_classes ?? [] }
  return { day, recipient, hybrid }
}

/** The one recipient that a body of this class is sealed to. */
export function recipientFor({ recipient, hybrid }: DayEpoch, bodyClass: BodyClass): string {
  return hybrid?.classes.includes(bodyClass) === true ? hybrid.recipient : recipient
}

/** Canonical bytes of a document. Throws when it breaks a rule. */
export function encodeEpochs(document: EpochDocument): Uint8Array {
  const broken = brokenRule(document)
  if (broken !== null) throw new Error(broken)
  const bytes = encodeJson(documentShape, document)
  if (bytes.length > limits.epochDocumentMax)
    throw new Error('a document of so many days is too long')
  return bytes
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
  const { version, epochs, hybrid_classes: classes } = document
  for (const [index, epoch] of epochs.entries()) {
    const at = `$.epochs[${index}]`
    const before = epochs[index - 1]
    if (before !== undefined && before.day >= epoch.day) return '$.epochs are not ascending by day'
    if (parseRecipient(epoch.recipient) === null) return `${at}.recipient is malformed`
    const hybrid = epoch.hybrid_recipient
    if ((hybrid === undefined) !== (version === 1)) return `${at} is not of version ${version}`
    if (hybrid !== undefined && parseHybridRecipient(hybrid) === null)
      return `${at}.hybrid_recipient is malformed`
  }
  if ((classes === undefined) !== (version === 1)) return `$ is not of version ${version}`
  if (document.rotated_at !== undefined && version !== 3) return `$ is not of version ${version}`
  const ordered = bodyClasses.filter((name) => classes?.includes(name))
  if (
    ordered.length !== (classes?.length ?? 0) ||
    ordered.some((name, at) => name !== classes?.[at])
  )
    return '$.hybrid_classes are not in order, each once'
  return fromHex(document.agency_key)?.length === 32 ? null : '$.agency_key is malformed'
}

function signedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/epochs/v1\n'), bytes)
}
