/** Public sentences, each bound to the numbers behind it, so that it stays true when the scope is revised. */

import type { ScopeDocument } from '../scope/scope.ts'

export type PublicSentence = {
  readonly text: string
  /** Where each number comes from: a version of a scope and a figure in it. */
  readonly from: {
    readonly scope: string
    readonly version: number
    readonly figures: readonly string[]
  }
}

/** What can be said of a scope in public. No sentence says that nothing else happened. */
export function publicSentences(document: ScopeDocument): readonly PublicSentence[] {
  const { scope, version, at, question, result } = document
  const { released_in_clear: clear, ciphertext_only: sealed } = result.grades
  const sentence = (text: string, ...figures: readonly string[]): PublicSentence => ({
    text,
    from: { scope, version, figures },
  })
  const asOf = `As of ${at}`
  const within = `between ${question.from} and ${question.to}`
  return [
    sentence(
      `${asOf}, the log shows that ${clear.pictures} pictures were released in clear ${within} to those in question.`,
      'released_in_clear.pictures',
    ),
    sentence(
      clear.people.low === clear.people.high
        ? `${asOf}, these show ${clear.people.high} people as far as the records tell them apart.`
        : `${asOf}, these show at least ${clear.people.low} and at most ${clear.people.high} people as far as the records tell them apart.`,
      'released_in_clear.people.low',
      'released_in_clear.people.high',
    ),
    ...(sealed.pictures === 0
      ? []
      : [
          sentence(
            `${asOf}, ${sealed.pictures} pictures were within reach as sealed files only, whose key those in question did not have.`,
            'ciphertext_only.pictures',
          ),
        ]),
    ...result.changes
      .slice(0, 1)
      .map(({ figure, before, after }) =>
        sentence(
          `This revises version ${version - 1}: ${figure.replaceAll('_', ' ').replaceAll('.', ' ')} was ${before} and is ${after}.`,
          figure,
        ),
      ),
  ]
}
