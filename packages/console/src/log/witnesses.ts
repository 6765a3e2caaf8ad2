/** Who else vouches for the log: cosignatures checked here, beside what the hub says of each witness. */

import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { openCosignatures, parseCosignerVkey } from '@sallyport/proof/tlog-cosignature'

export type WitnessRow = {
  readonly name: string
  readonly vkey: string
  readonly state: 'current' | 'behind' | 'away' | 'contradicts' | 'not_asked'
  readonly size: number
  readonly answered_at: string | null
}

/** What `GET /v1/log/witnesses` answers. */
export type LogWitnesses = {
  readonly policy: boolean
  readonly note: string | null
  readonly needed: number
  readonly witnesses: readonly WitnessRow[]
}

export type Cosigned =
  /** When the witness says that it saw the tree. */
  | { readonly kind: 'checked'; readonly at: Date }
  /** It signed with an algorithm that browsers lack. */
  | { readonly kind: 'not_checkable' }
  | { readonly kind: 'missing' }

export type CheckedWitnesses =
  | { readonly kind: 'none_set' }
  | { readonly kind: 'none_yet'; readonly witnesses: readonly CheckedWitness[] }
  | {
      readonly kind: 'cosigned'
      readonly size: number
      readonly checked: number
      readonly needed: number
      readonly witnesses: readonly CheckedWitness[]
    }
  | { readonly kind: 'broken'; readonly detail: string }

export type CheckedWitness = WitnessRow & { readonly cosigned: Cosigned }

/** Checks the witnessed checkpoint against the log's key and each witness's. Never throws. */
export function checkWitnesses(answer: LogWitnesses, vkey: string): CheckedWitnesses {
  const { policy, note, needed, witnesses } = answer
  if (!policy) return { kind: 'none_set' }
  const missing = { kind: 'missing' } as const
  if (note === null)
    return { kind: 'none_yet', witnesses: witnesses.map((one) => ({ ...one, cosigned: missing })) }
  const opened = openCheckpoint(note, vkey)
  if (opened.kind === 'refused') return { kind: 'broken', detail: opened.detail }
  const keys = witnesses.map((one) => parseCosignerVkey(one.vkey))
  const found = openCosignatures(
    note,
    keys.flatMap((key) => (key === null ? [] : [key])),
  )
  if (found.kind === 'refused') return { kind: 'broken', detail: found.detail }
  const checked = witnesses.map((one, at) => {
    const signed = found.found.find(({ key }) => key === keys[at])?.found
    return { ...one, cosigned: signed === undefined ? missing : cosignedOf(signed) }
  })
  return {
    kind: 'cosigned',
    size: opened.checkpoint.size,
    checked: checked.filter(({ cosigned }) => cosigned.kind === 'checked').length,
    needed,
    witnesses: checked,
  }
}

function cosignedOf(
  found: { readonly kind: 'cosigned'; readonly time: number } | { readonly kind: 'unverifiable' },
): Cosigned {
  return found.kind === 'cosigned'
    ? { kind: 'checked', at: new Date(found.time * 1000) }
    : { kind: 'not_checkable' }
}
