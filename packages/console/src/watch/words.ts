/** Sentences about possible matches. Pure. */

import type { JurisdictionVerdict } from '@sallyport/core/jurisdiction'

import type { WatchEntry, WatchHit } from '../api/watch-types.ts'
import { percentWords, plural } from '../format/figures.ts'

/** What a match rests on. */
export function basisWords({ basis, text, crossing }: WatchHit): string {
  switch (basis) {
    case 'read':
      return 'This is what the plate was read as.'
    case 'verdict':
      return `A person said that the plate bears ${text}.`
    case 'alternative':
      return crossing.plate.text === null
        ? 'The plate was not read; one of its looks said this.'
        : `The plate was read as ${crossing.plate.text}. ${text} is something else that a look listed.`
  }
}

/** 'All 7 characters agree', '2 of 7 characters differ: place 2 (1 for I), place 5 (0 for O)'. */
export function differenceWords({ text, positions, entry }: WatchHit): string {
  const count = plural(entry.plate.length, 'character', 'characters')
  if (positions.length === 0) return `All ${count} agree.`
  const places = positions.map((at) => `place ${at + 1} (${text[at]} for ${entry.plate[at]})`)
  return `${positions.length} of ${count} ${positions.length === 1 ? 'differs' : 'differ'}: ${places.join(', ')}.`
}

const verdictWords: Readonly<Record<JurisdictionVerdict, string>> = {
  agrees: 'agree',
  compatible: 'do not contradict each other',
  disagrees: 'disagree',
  unknown: 'cannot be compared',
}

/** Jurisdiction looked for and seen, and how they stand to each other. */
export function jurisdictionSentence({ entry, crossing, jurisdiction }: WatchHit): string {
  const wanted = entry.jurisdiction === null ? 'none named' : entry.jurisdiction.toUpperCase()
  const read = crossing.plate.jurisdiction
  const seen =
    read === null ? 'none seen' : `${read.code.toUpperCase()} ${percentWords(read.confidence)}`
  return `Looked for: ${wanted}. On the plate: ${seen}. They ${verdictWords[jurisdiction]}.`
}

export function stateWords(state: WatchEntry['state']): string {
  return { in_force: 'In force', expired: 'Expired', withdrawn: 'Withdrawn' }[state]
}

/** 'accepts this plate alone', 'accepts 9 plates'. */
export function acceptsWords(accepts: number): string {
  return accepts === 1 ? 'this plate alone' : plural(accepts, 'plate', 'plates')
}
