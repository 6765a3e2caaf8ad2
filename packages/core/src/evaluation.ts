/**
 * How well a plate reader does on plates that a person has decided on. Reads and labels come in,
 * totals go out: nothing here names a crossing.
 */

import type { Role } from './opening.ts'
import { foldPlateText } from './plate.ts'
import { differenceOf } from './text-difference.ts'

export const evaluationLimits = {
  /** Fewer labels than this would say something of single plates to those who may not see plates. */
  labelsMin: 20,
  /** Pictures in one evaluation, the newest labels first. */
  labelsMax: 2_000,
  confusionsMax: 200,
} as const

/** Confidences at which "kept" and "wrong" are counted. */
export const confidenceCuts = [0, 0.5, 0.8, 0.9, 0.95, 0.98] as const

/** Who may have the hub evaluate its reader. An integrator does, and learns totals only. */
export const evaluators = [
  'integrator',
  'supervisor',
  'privacy',
  'auditor',
] as const satisfies readonly Role[]

/** Who of them may see the plates that were misread: those who may see crossings anyway. */
const textReaders: readonly Role[] = ['supervisor', 'privacy', 'auditor']

export type EvaluationDecision =
  | { readonly kind: 'allow'; readonly texts: boolean }
  | {
      readonly kind: 'refuse'
      readonly code: 'role_missing' | 'too_few_labels'
      readonly detail: string
    }

/** Whether somebody with these roles may evaluate on `labels` labels, and may be told texts. */
export function decideEvaluation(held: readonly Role[], labels: number): EvaluationDecision {
  if (!held.some((role) => (evaluators as readonly Role[]).includes(role))) {
    return {
      kind: 'refuse',
      code: 'role_missing',
      detail: `This needs one of the roles: ${evaluators.join(', ')}.`,
    }
  }
  const texts = held.some((role) => textReaders.includes(role))
  const least = texts ? 1 : evaluationLimits.labelsMin
  if (labels >= least) return { kind: 'allow', texts }
  return {
    kind: 'refuse',
    code: 'too_few_labels',
    detail: `There are ${labels} verdicts with a picture; ${least} are needed. Review more plates, or choose a longer time.`,
  }
}

/** One picture: what a person said of it and what the reader makes of it. */
export type ScoredRead = {
  /** Null: a person found it unreadable. */
  readonly label: string | null
  /** '' where the reader found nothing. */
  readonly read: string
  /** 0 to 1. */
  readonly confidence: number
}

export type Confusion = {
  /** What the person says; '' where the reader added a character. */
  readonly label: string
  /** What the reader says; '' where it left one out. */
  readonly read: string
  readonly count: number
}

export type EvaluationTotals = {
  readonly pictures: number
  /** Pictures with a text as their label; the next three add up to it. */
  readonly labelled: number
  readonly exact: number
  readonly wrong: number
  readonly silent: number
  /** Pictures that a person found unreadable, and those of them that the reader read all the same. */
  readonly unreadable: number
  readonly read_unreadable: number
  readonly characters: number
  readonly character_errors: number
  /** At each cut: reads at least so sure, and those of them that are wrong (or read the unreadable). */
  readonly kept: readonly { readonly cut: number; readonly kept: number; readonly wrong: number }[]
  /** Most frequent first. */
  readonly confusions: readonly Confusion[]
}

/** Whether a read says what the label says; letter O and digit 0 count as one. */
export function isExact({ label, read }: Pick<ScoredRead, 'label' | 'read'>): boolean {
  return label !== null && foldPlateText(label) === foldPlateText(read)
}

/** Counts; the order of `reads` does not matter. */
export function scoreReads(reads: readonly ScoredRead[]): EvaluationTotals {
  const labelled = reads.filter(({ label }) => label !== null)
  const unreadable = reads.filter(({ label }) => label === null)
  const said = labelled.filter(({ read }) => read !== '')
  const exact = said.filter(isExact)
  const { confusions, errors } = confusionsOf(labelled)
  return {
    pictures: reads.length,
    labelled: labelled.length,
    exact: exact.length,
    wrong: said.length - exact.length,
    silent: labelled.length - said.length,
    unreadable: unreadable.length,
    read_unreadable: unreadable.filter(({ read }) => read !== '').length,
    characters: labelled.reduce((sum, { label }) => sum + (label ?? '').length, 0),
    character_errors: errors,
    kept: confidenceCuts.map((cut) => {
      const kept = reads.filter(({ read, confidence }) => read !== '' && confidence >= cut)
      return { cut, kept: kept.length, wrong: kept.filter((one) => !isExact(one)).length }
    }),
    confusions,
  }
}

function confusionsOf(reads: readonly ScoredRead[]): {
  readonly confusions: readonly Confusion[]
  readonly errors: number
} {
  const counts = new Map<string, Confusion>()
  let errors = 0
  for (const { label, read } of reads) {
    for (const piece of differenceOf(foldPlateText(label ?? ''), foldPlateText(read))) {
      if (piece.kind === 'same') continue
      errors += 1
      const from = piece.kind === 'added' ? '' : piece.reference
      const to = piece.kind === 'missing' ? '' : piece.character
      const known = counts.get(`${from} ${to}`)?.count ?? 0
      counts.set(`${from} ${to}`, { label: from, read: to, count: known + 1 })
    }
  }
  const confusions = [...counts.values()]
    .sort((a, b) => b.count - a.count || (`${a.label} ${a.read}` < `${b.label} ${b.read}` ? -1 : 1))
    .slice(0, evaluationLimits.confusionsMax)
  return { confusions, errors }
}
