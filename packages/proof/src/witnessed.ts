/** A checkpoint under a policy: signed by one of its logs, cosigned by enough of its witnesses. */

import { utf8 } from './bytes.ts'
import { type Checkpoint, type CheckpointRefusal, parseCheckpoint } from './checkpoint.ts'
import { checkSignatures } from './note.ts'
import { type Refused, refuse } from './refusal.ts'
import {
  type CosignatureVerifiers,
  type FoundCosignature,
  checkCosignature,
  pureVerifiers,
} from './tlog-cosignature.ts'
import { type Policy, type PolicyLog, type PolicyWitness, isQuorum } from './tlog-policy.ts'

export type WitnessTime = {
  /** As the policy calls the witness. */
  readonly name: string
  /** Seconds since 1970, by the witness's clock. */
  readonly time: number
}

export type WitnessedCheckpoint = {
  readonly kind: 'witnessed'
  readonly checkpoint: Checkpoint
  /** The text that was signed. */
  readonly text: string
  readonly vkey: string
  readonly witnesses: readonly WitnessTime[]
  /** Witnesses who cosigned with an algorithm that this platform lacks. They were not counted. */
  readonly unverifiable: readonly string[]
}

export type WitnessedRefusal = CheckpointRefusal | 'quorum_not_met'

type Party =
  | { readonly kind: 'log'; readonly log: PolicyLog }
  | { readonly kind: 'witness'; readonly witness: PolicyWitness }

type Held = { readonly kind: 'signed' } | FoundCosignature

/** Checks `note` against `policy`. Refuses with `quorum_not_met`, naming who is missing. Never throws. */
export function openWitnessed(
  note: string | Uint8Array,
  policy: Policy,
  verifiers: CosignatureVerifiers = pureVerifiers,
): WitnessedCheckpoint | Refused<WitnessedRefusal> {
  const parties = [
    ...policy.logs.map((log) => ({ party: { kind: 'log', log } as Party, ...log.key.key })),
    ...policy.witnesses.map((witness) => ({
      party: { kind: 'witness', witness } as Party,
      ...witness.key,
    })),
  ]
  const checked = checkSignatures(note, parties, ({ party }, text, signature) =>
    check(party, text, signature, verifiers),
  )
  if (checked.kind === 'refused') return checked
  const signing = checked.valid.flatMap(({ key, found }) =>
    key.party.kind === 'log' && found.kind !== 'unverifiable' ? [key.party.log] : [],
  )
  const [log] = signing
  if (log === undefined) return refuse('no_known_signature', 'No log of the policy signed this.')
  const checkpoint = parseCheckpoint(checked.text)
  if (checkpoint === null) return refuse('malformed_checkpoint', 'The note is not a checkpoint.')
  if (signing.every((one) => one.key.key.name !== checkpoint.origin)) {
    return refuse(
      'other_origin',
      `The checkpoint is of ${checkpoint.origin}, not ${log.key.key.name}.`,
    )
  }
  const times = new Map<string, number>()
  const unverifiable = new Set<string>()
  for (const { key, found } of checked.valid) {
    if (key.party.kind !== 'witness') continue
    const { name } = key.party.witness
    if (found.kind === 'cosigned') times.set(name, Math.max(found.time, times.get(name) ?? 0))
    else unverifiable.add(name)
  }
  if (!isQuorum(policy.quorum, new Set(times.keys()))) return missing(policy, times, unverifiable)
  return {
    kind: 'witnessed',
    checkpoint,
    text: checked.text,
    vkey: log.vkey,
    witnesses: [...times].map(([name, time]) => ({ name, time })),
    unverifiable: [...unverifiable],
  }
}

function check(
  party: Party,
  text: string,
  signature: Uint8Array,
  verifiers: CosignatureVerifiers,
): Held | 'bad' {
  const key = party.kind === 'log' ? party.log.key : party.witness.key
  if (!('kind' in key)) return checkCosignature(key, text, signature, verifiers)
  if (key.kind === 'cosigner') return checkCosignature(key.key, text, signature, verifiers)
  return verifiers.ed25519(key.key.publicKey, utf8(text), signature) ? { kind: 'signed' } : 'bad'
}

function missing(
  policy: Policy,
  times: ReadonlyMap<string, number>,
  unverifiable: ReadonlySet<string>,
): Refused<WitnessedRefusal> {
  const absent = policy.witnesses.filter(({ name }) => !times.has(name)).map(({ name }) => name)
  const lacking =
    unverifiable.size === 0
      ? ''
      : ` ${[...unverifiable].join(', ')} cosigned with ML-DSA-44, which cannot be checked here.`
  return refuse(
    'quorum_not_met',
    `The quorum is not met: ${times.size} of ${policy.witnesses.length} witnesses cosigned, without ${absent.join(', ')}.${lacking}`,
  )
}

/** `note` with further signature lines behind its own, but for those that it has. */
export function addSignatures(note: string, lines: string): string {
  const known = new Set(note.split('\n'))
  const added = lines.split('\n').filter((line) => line !== '' && !known.has(line))
  return note + added.map((line) => `${line}\n`).join('')
}
