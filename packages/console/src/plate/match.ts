import { foldPlateText } from '@sallyport/core/plate'

/** A search as typed, reduced to what the hub takes: letters and digits, upper case. */
export function bareQuery(typed: string): string {
  return typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

/** The same as the hub compares it, O as 0. */
export function foldQuery(typed: string): string {
  return foldPlateText(bareQuery(typed))
}

/** The places of `text` that a search for `query` matches, every occurrence. Same rules as the hub's. */
export function matchPlaces(text: string, query: string): ReadonlySet<number> {
  const places = new Set<number>()
  const wanted = foldQuery(query)
  if (wanted === '') return places
  const folded = foldPlateText(text.toUpperCase())
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
    for (let place = at; place < at + wanted.length; place += 1) places.add(place)
  }
  return places
}
