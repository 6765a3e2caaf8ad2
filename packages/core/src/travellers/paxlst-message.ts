/** One PAXLST message, segment by segment: head, travellers, counts. */

import { dateOf, wallTimeOf } from './dates.ts'
import { componentAt, type Segment } from './edifact.ts'
import { listLimits } from './limits.ts'
import type {
  ExpectedTraveller,
  ListError,
  PassengerList,
  TravellerRole,
  Transport,
} from './passenger-list.ts'
import { fault, shown, textOrNull } from './paxlst-words.ts'

export type ListReader = {
  take(segment: Segment): void
  /** The list, or null when it is not taken. Call after UNT was taken. */
  end(): PassengerList | null
}

type Envelope = {
  readonly sender: string | null
  readonly control: string | null
  readonly year: number
}

type Draft = { -readonly [Key in keyof ExpectedTraveller]: ExpectedTraveller[Key] } & {
  at: Segment
}

const transports: Readonly<Record<string, Transport>> = {
  '1': 'sailing',
  '2': 'train',
  '3': 'road',
  '4': 'flight',
}
const roles: Readonly<Record<string, TravellerRole>> = {
  FL: 'passenger',
  FM: 'crew',
  DDU: 'transit',
}
/** A document may be good for so many years; nobody is born in the future. */
const expiryYearsMax = 50

export function createListReader(
  head: Segment,
  { sender, control, year }: Envelope,
  errors: ListError[],
  warnings: ListError[],
): ListReader {
  const message = componentAt(head, 0)
  const list = {
    transport: 'other' as Transport,
    reference: '',
    departsFrom: null as string | null,
    departsAt: null as string | null,
    arrivesIn: null as string | null,
    arrivesAt: null as string | null,
    people: null as 'passengers' | 'crew' | null,
    sender,
    control,
    message: textOrNull(message),
    partial: ['', 'F'].includes(componentAt(head, 3, 1)) === false,
  }
  const travellers: Draft[] = []
  const counts = new Map<string, { readonly segment: Segment; readonly count: string }>()
  let segments = 1
  let traveller: Draft | null = null
  let document: Segment | null = null
  checkVersion(head, errors, warnings)

  function take(segment: Segment): void {
    segments += 1
    switch (segment.tag) {
      case 'BGM':
        return takeKind(segment)
      case 'TDT':
        list.reference = componentAt(segment, 1).toUpperCase()
        list.transport = transports[componentAt(segment, 2)] ?? 'other'
        return undefined
      case 'NAD':
        return takeName(segment)
      case 'LOC':
        return takePlace(segment)
      case 'DTM':
        return takeTime(segment)
      case 'CNT':
        counts.set(componentAt(segment, 0), { segment, count: componentAt(segment, 0, 1) })
        return undefined
      case 'UNT':
        return takeEnd(segment)
      default:
        if (traveller !== null) takeDetail(segment, traveller)
    }
  }

  function takeKind(segment: Segment): void {
    const kind = componentAt(segment, 0)
    if (kind === '745') list.people = 'passengers'
    else if (kind === '250') list.people = 'crew'
    else fault(errors, segment, `BGM ${shown(kind)}: neither 745 (passengers) nor 250 (crew)`)
    const change = componentAt(segment, 1)
    if (change !== '')
      fault(warnings, segment, `BGM says ${shown(change)}: it may change an earlier list`)
  }

  function takeName(segment: Segment): void {
    traveller = null
    document = null
    const role = roles[componentAt(segment, 0)]
    if (role === undefined) return
    const [surname = '', ...given] = (segment.elements[3] ?? []).map((part) => part.trim())
    if (surname === '') fault(errors, segment, 'NAD names a traveller without a surname')
    if (travellers.length === listLimits.travellersMax) {
      fault(errors, segment, `more than ${listLimits.travellersMax} travellers`)
      return
    }
    traveller = {
      at: segment,
      role,
      surname: surname.slice(0, listLimits.fieldLengthMax),
      givenNames: given
        .filter((part) => part !== '')
        .join(' ')
        .slice(0, listLimits.fieldLengthMax),
      born: null,
      sex: null,
      nationality: null,
      document: null,
      embarks: null,
      debarks: null,
      booking: null,
    }
    travellers.push(traveller)
  }

  function takePlace(segment: Segment): void {
    const [what, place] = [componentAt(segment, 0), textOrNull(componentAt(segment, 1))]
    if (traveller === null) {
      if (what === '125') list.departsFrom = place
      if (what === '87') list.arrivesIn = place
    } else if (what === '178') traveller.embarks = place
    else if (what === '179') traveller.debarks = place
    else if (what === '91' && traveller.document !== null)
      traveller.document = { ...traveller.document, issuer: place }
  }

  function takeTime(segment: Segment): void {
    const [what, text] = [componentAt(segment, 0), componentAt(segment, 0, 1)]
    if (traveller === null) {
      const at = wallTimeOf(text, year + 1)
      if ((what === '189' || what === '232') && at === null)
        fault(errors, segment, `DTM ${what}: ${shown(text)} is no date and time`)
      if (what === '189') list.departsAt = at
      if (what === '232') list.arrivesAt = at
      return
    }
    const latest = what === '36' ? year + expiryYearsMax : year
    const date = dateOf(text, latest)
    if ((what === '329' || what === '36') && date === null)
      fault(errors, segment, `DTM ${what}: ${shown(text)} is no date`)
    if (what === '329') traveller.born = date
    if (what === '36' && traveller.document !== null)
      traveller.document = { ...traveller.document, expires: date }
  }

  function takeDetail(segment: Segment, one: Draft): void {
    switch (segment.tag) {
      case 'ATT': {
        const sex = componentAt(segment, 2).toUpperCase()
        if (componentAt(segment, 0) === '2')
          one.sex = sex === 'F' || sex === 'M' ? sex : sex === '' ? null : 'X'
        return
      }
      case 'NAT':
        one.nationality = textOrNull(componentAt(segment, 1).toUpperCase())
        return
      case 'RFF':
        if (componentAt(segment, 0) === 'AVF') one.booking = textOrNull(componentAt(segment, 0, 1))
        return
      case 'DOC':
        takeDocument(segment, one)
    }
  }

  /** Of several documents the passport is kept, else the first; the others are said to be there. */
  function takeDocument(segment: Segment, one: Draft): void {
    const [kind, number] = [componentAt(segment, 0).toUpperCase(), componentAt(segment, 1)]
    if (number === '') {
      fault(errors, segment, 'DOC names a document without a number')
      return
    }
    if (document !== null) {
      fault(warnings, segment, 'a second document; the passport is kept, or else the first')
      if (one.document?.kind === 'P' || kind !== 'P') return
    }
    document = segment
    const { fieldLengthMax } = listLimits
    one.document = {
      kind: kind.slice(0, fieldLengthMax),
      number: number.toUpperCase().slice(0, fieldLengthMax),
      issuer: null,
      expires: null,
    }
  }

  function takeEnd(segment: Segment): void {
    const [count, reference] = [componentAt(segment, 0), componentAt(segment, 1)]
    if (Number(count) !== segments || !/^\d+$/.test(count))
      fault(
        errors,
        segment,
        `UNT counts ${shown(count)} segments; there are ${segments}, UNH and UNT among them`,
      )
    if (reference !== message)
      fault(errors, segment, `UNT closes ${shown(reference)}; UNH opened ${shown(message)}`)
    if (list.people === null)
      fault(errors, head, 'no BGM says whether these are passengers or crew')
    if (list.reference === '') fault(errors, head, 'no TDT names a flight or voyage')
    checkCounts()
  }

  function checkCounts(): void {
    const crew = travellers.filter(({ role }) => role === 'crew').length
    for (const [what, actual] of [
      ['42', travellers.length - crew],
      ['41', crew],
    ] as const) {
      const said = counts.get(what)
      if (said !== undefined && Number(said.count) !== actual)
        fault(
          errors,
          said.segment,
          `CNT ${what} counts ${shown(said.count)} ${what === '42' ? 'passengers' : 'crew'}; there are ${actual}`,
        )
    }
  }

  return {
    take,
    end() {
      const { people } = list
      return people === null ? null : { ...list, people, travellers: once(travellers, warnings) }
    },
  }
}

function checkVersion(head: Segment, errors: ListError[], warnings: ListError[]): void {
  const [type, version, release] = [0, 1, 2].map((j) => componentAt(head, 1, j))
  if (type !== 'PAXLST') fault(errors, head, `a ${shown(type ?? '')} message, not PAXLST`)
  else if (version !== 'D') fault(errors, head, `PAXLST version ${shown(version ?? '')}, not D`)
  else if (!/^(0[2-9]|1[0-7])[AB]$/.test(release ?? ''))
    fault(warnings, head, `PAXLST D.${shown(release ?? '')} was read as D.05B`)
}

/** A traveller who is listed twice, by document or by name and birth, is expected once. */
function once(drafts: readonly Draft[], warnings: ListError[]): readonly ExpectedTraveller[] {
  const seen = new Set<string>()
  return drafts.flatMap(({ at, ...traveller }) => {
    const { surname, givenNames, born, document } = traveller
    const key =
      document === null
        ? `name ${surname} ${givenNames} ${born ?? ''}`
        : `document ${document.issuer ?? ''} ${document.number}`
    if (seen.has(key)) {
      fault(warnings, at, 'this traveller is listed twice, and expected once')
      return []
    }
    seen.add(key)
    return [traveller]
  })
}
