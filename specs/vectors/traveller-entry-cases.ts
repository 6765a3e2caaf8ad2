/** One entry of every kind about travellers who are looked for. */

import type { LogEntry } from '@sallyport/proof/entry'

export function travellerExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const entry = id()
  return [
    { ...head, kind: 'traveller_sought', entry, terms: hash(), by },
    { ...head, kind: 'traveller_hit', hit: id(), match: hash() },
    { ...head, kind: 'traveller_hit_judged', judgement: id(), what: hash(), by },
    { ...head, kind: 'traveller_sought_ended', entry, how: 'withdrawn', by },
    { ...head, kind: 'traveller_sought_ended', entry: id(), how: 'expired' },
  ]
}
