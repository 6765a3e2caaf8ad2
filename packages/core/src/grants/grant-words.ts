/** A grant in plain sentences, for those who sign it and those it binds. */

import type { GrantHours, GrantTerms, View } from './grant.ts'

const purposeWords = {
  fault_analysis: 'to find out why a lane misread',
  review_support: 'to help with the review of plates that were not read surely',
  incident_support: 'to help with an incident',
} as const

const viewWords: Readonly<Record<View, string>> = {
  plate_crop: 'the plate alone, cut out of its picture',
  plate: 'pictures of plates',
  scene: 'whole scenes',
  face: 'faces',
}

const dayWords = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const

/** What the terms say, a sentence each. */
export function describeTerms(terms: GrantTerms, partyName: string): readonly string[] {
  const originals = terms.views.filter((view) => view !== 'plate_crop')
  return [
    `People of ${partyName} may look at pictures ${purposeWords[terms.purpose]}, on the basis of ${terms.basis}.`,
    `They see ${and(terms.views.map((view) => viewWords[view]))}.`,
    ...(originals.length === 0
      ? []
      : ['For each original a person of the agency has to agree first.']),
    `It covers ${terms.lanes === 'all' ? 'every lane' : and(terms.lanes.map((lane) => `lane ${lane}`))} of ${and(terms.ports)}.`,
    hoursSentence(terms.hours),
    `At most ${terms.picturesPerDay} pictures and ${megabytes(terms.bytesPerDay)} a day, for all of its people together.`,
    `In force from ${instant(terms.from)} until ${instant(terms.until)}.`,
    `Whoever of them first suspects an incident tells the agency within ${terms.incidentHours} hours, directly and not through another party.`,
    'It never allows copies to leave, and never training.',
  ]
}

function hoursSentence(hours: GrantHours | null): string {
  if (hours === null) return 'At any hour.'
  const days = and(hours.days.map((day) => dayWords[day]))
  return `Only on ${days} from ${clock(hours.from)} to ${clock(hours.to)}, by the clock of the port.`
}

function instant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function clock(minute: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${bytes} bytes` : `${Math.round(bytes / 100_000) / 10} MB`
}

function and(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}
