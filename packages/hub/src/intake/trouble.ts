/** Which alarms a judged bundle raises. Pure. */

import type { AlarmKind } from '@sallyport/core/alarm'
import type { GapReason } from '@sallyport/proof/manifest'

import { type Problem, problem } from '../problems.ts'
import type { Judged } from './plan.ts'

export type Trouble = { readonly kind: AlarmKind; readonly detail: string }

const gapWords: Readonly<Record<GapReason, string>> = {
  spool_full: 'the spool was full',
  no_epoch: 'the lane knew no key of the day to seal to',
  spool_write_failed: 'the disk of the lane took nothing',
}

export function alarmsOf(judged: Judged): readonly Trouble[] {
  const { checked, verdict } = judged
  if (verdict.kind === 'duplicate') return []
  if (verdict.kind === 'revoked')
    return [{ kind: 'revoked_device', detail: revokedDetail(verdict.at) }]
  const troubles: Trouble[] = []
  const sequence = checked.bundle.manifest.sequence
  const sequenceTrouble = ofSequence(judged)
  if (sequenceTrouble !== null) troubles.push(sequenceTrouble)
  if (verdict.kind === 'conflict') return troubles
  const { gap } = checked.bundle.manifest
  if (gap !== undefined) {
    const dropped = gap.dropped.map(({ class: name, count }) => `${count} ${name}`).join(', ')
    troubles.push({
      kind: 'lane_gap',
      detail: `Dropped ${dropped} from ${gap.from} to ${gap.to}: ${gapWords[gap.reason]}.`,
    })
  }
  if (checked.readsTrouble !== null) {
    troubles.push({
      kind: 'unreadable_reads',
      detail: `Sequence ${sequence}: ${checked.readsTrouble}`,
    })
  }
  return troubles
}

function ofSequence({ checked, verdict }: Judged): Trouble | null {
  const { sequence } = checked.bundle.manifest
  switch (verdict.kind) {
    case 'after_gap': {
      const { from, to } = verdict
      const which = from === to ? `Sequence ${from}` : `Sequences ${from} to ${to}`
      return { kind: 'sequence_gap', detail: `${which} never arrived; ${sequence} did.` }
    }
    case 'chain_broken':
      return {
        kind: 'chain_broken',
        detail: `Sequence ${sequence} does not follow the manifest before it.`,
      }
    case 'late':
      return { kind: 'sequence_late', detail: `Sequence ${sequence} arrived after later ones.` }
    case 'conflict':
      return {
        kind: 'sequence_conflict',
        detail: `Sequence ${sequence} was offered with other content; the first stays.`,
      }
    case 'next':
    case 'duplicate':
    case 'revoked':
      return null
  }
}

export function revokedDetail(at: Date): string {
  return `Revoked ${at.toISOString()}.`
}

export function revokedProblem(at: Date): Problem {
  return problem('device_revoked', `This device was revoked at ${at.toISOString()}.`)
}
