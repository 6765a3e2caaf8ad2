/**
 * Passenger and crew lists as UN/EDIFACT PAXLST (D.02B to D.17A, as WCO, IATA and ICAO use it). Read
 * tolerantly, counted strictly: whatever counts in the file say must be so, or nothing is taken.
 */

import { componentAt, readSegments, type Segment } from './edifact.ts'
import { listLimits } from './limits.ts'
import type { ListError, ParsedLists, PassengerList } from './passenger-list.ts'
import { createListReader, type ListReader } from './paxlst-message.ts'
import { fault, shown, textOrNull } from './paxlst-words.ts'

/** Reads every message of an interchange. `year` is the present one: two digits of a year need it. */
export function parsePaxlst(text: string, year: number): ParsedLists {
  const { segments, faults } = readSegments(text)
  const errors: ListError[] = [...faults]
  const warnings: ListError[] = []
  const lists: PassengerList[] = []
  const envelope = { sender: null as string | null, control: null as string | null }
  let reader: ListReader | null = null
  let messages = 0
  let begun: Segment | null = null

  for (const segment of segments) {
    if (reader !== null && segment.tag !== 'UNH') {
      reader.take(segment)
      if (segment.tag === 'UNT') {
        const done = reader.end()
        if (done !== null) lists.push(done)
        reader = null
      }
      continue
    }
    switch (segment.tag) {
      case 'UNB':
        begun = segment
        envelope.sender = textOrNull(componentAt(segment, 1))
        envelope.control = textOrNull(componentAt(segment, 4))
        break
      case 'UNH':
        if (reader !== null) fault(errors, segment, 'UNH before the UNT of the message before it')
        messages += 1
        reader = createListReader(segment, { ...envelope, year }, errors, warnings)
        break
      case 'UNZ':
        checkEnd(segment, messages, envelope.control, errors)
        begun = null
        break
      case 'UNG':
      case 'UNE':
        break
      default:
        fault(errors, segment, `${segment.tag} outside a message`)
    }
  }
  const last = segments.at(-1) ?? { line: 1, column: 1 }
  if (reader !== null) fault(errors, last, 'no UNT: the message is cut off')
  else if (begun !== null) fault(errors, last, 'no UNZ: the interchange is cut off')
  if (messages === 0 && errors.length === 0) fault(errors, last, 'no message (UNH) in it')
  return errors.length > 0
    ? { kind: 'refused', errors: errors.slice(0, listLimits.errorsMax), total: errors.length }
    : { kind: 'lists', lists, warnings }
}

/** UNZ counts messages, or groups where there are such; either may be meant. */
function checkEnd(
  segment: Segment,
  messages: number,
  control: string | null,
  errors: ListError[],
): void {
  const [count, reference] = [componentAt(segment, 0), componentAt(segment, 1)]
  if (!/^\d+$/.test(count) || Number(count) < 1 || Number(count) > messages)
    fault(errors, segment, `UNZ counts ${shown(count)}; there are ${messages} messages`)
  if (control !== null && reference !== control)
    fault(errors, segment, `UNZ closes ${shown(reference)}; UNB opened ${shown(control)}`)
}
