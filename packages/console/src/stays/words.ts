/** What stays are called, and why a side of one is missing. */

import type { Stay, StayCandidate, StayStatement } from '../api/stay-types.ts'
import { plural } from '../format/figures.ts'

/** '2 days 3 h', '3 h 20 min', '45 s': the two largest parts. */
export function spanWords(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), seconds >= 172_800 ? 'days' : 'day'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** Whose stay it is: a plate, or `MEX:G12345678` of a traveller's document; null where nobody knows. */
export function nameOf({ plate, document }: Pick<Stay, 'plate' | 'document'>): string | null {
  return plate ?? (document === null ? null : `${document.issuer}:${document.number}`)
}

export function daysWords(days: number): string {
  return plural(days, 'day', 'days')
}

/** The state in a word or two. */
export function stateWords(stay: Pick<Stay, 'state' | 'as' | 'over' | 'until'>): string {
  switch (stay.state) {
    case 'open':
      return stay.over ? 'Too long' : 'Inside'
    case 'closed':
      return stay.over ? 'Left late' : 'Left'
    case 'entry_missing':
      return 'No entry'
    case 'exit_missing':
      return 'No exit'
    case 'double_entry':
      return 'Entered twice'
    case 'double_exit':
      return 'Left twice'
    case 'ambiguous':
      return 'Two at once'
    case 'corrected':
      return stay.as === 'set_aside' ? 'Set aside' : 'Corrected'
  }
}

/** Why it has no other side, or what is odd about it, in a sentence. */
export function reasonSentence(stay: Stay): string | null {
  switch (stay.state) {
    case 'entry_missing':
      if (stay.reason === 'erased') return 'Its entry was erased when its time to be kept was over.'
      return stay.reason === 'never_entered'
        ? 'It left, and nothing was recorded of it before.'
        : 'It left, and had not been seen to enter since it left before.'
    case 'exit_missing':
      return stay.reason === 'erased'
        ? 'Its exit was erased when its time to be kept was over.'
        : 'It entered again without having been seen to leave. How long it stayed is not known.'
    case 'double_entry':
      return 'It entered the same lane again within minutes: it turned back, or was captured twice.'
    case 'double_exit':
      return 'It left again within minutes: it turned back, or was captured twice.'
    case 'ambiguous':
      return 'One plate entered by two lanes within minutes. Two vehicles may carry it, so nothing is concluded from it.'
    case 'open':
    case 'closed':
    case 'corrected':
      return doubtSentence(stay)
  }
}

function doubtSentence({ doubts }: Pick<Stay, 'doubts'>): string | null {
  const words = doubts.map((doubt) => {
    switch (doubt) {
      case 'too_fast':
        return 'it left faster than anybody can turn round'
      case 'clock':
        return 'the clock of a lane was off by more than the stay is long, or by an unknown time'
      case 'jurisdictions_differ':
        return 'entry and exit were read as plates of two jurisdictions'
    }
  })
  return words.length === 0 ? null : `Look first: ${words.join('; ')}.`
}

export function nearnessWords({ nearness }: Pick<StayCandidate, 'nearness'>): string {
  switch (nearness) {
    case 'same':
      return 'the same plate; the clocks may be off'
    case 'alike':
      return 'characters that look alike'
    case 'one_character':
      return 'one character apart'
  }
}

/** What a person stated, without name and time. */
export function statementWords({ kind, day }: Pick<StayStatement, 'kind' | 'day'>): string {
  switch (kind) {
    case 'paired':
      return 'Entry and exit belong together'
    case 'left':
      return 'It left, unseen by a camera'
    case 'entered':
      return 'It had entered, unseen by a camera'
    case 'set_aside':
      return 'This is no entry or exit'
    case 'admitted':
      return `Admitted until ${day ?? 'a day'}`
    case 'withdrawn':
      return 'Taken back'
  }
}
