/** What may be the missing side of a stay. Offered to a person, best first; nothing is paired by it. */

import { judgeNearness, type Nearness } from './near.ts'
import { clockErrorMs, type Passage } from './passage.ts'

export type Sighting = Pick<Passage, 'id' | 'at' | 'direction' | 'clock'> & {
  /** The plate as read, surely or not. */
  readonly text: string
}

export type Candidate<T extends Sighting> = {
  readonly sighting: T
  readonly nearness: Exclude<Nearness, 'far'>
}

const order: Readonly<Record<Exclude<Nearness, 'far'>, number>> = {
  same: 0,
  alike: 1,
  one_character: 2,
}

/**
 * Those of `others` that go the other way, at a time that fits (clocks may be off), with a plate that one
 * misread turns into this one. Nearer plates come first, and of equally near ones the nearer in time.
 */
export function rankCandidates<T extends Sighting>(
  missing: Sighting,
  others: readonly T[],
): readonly Candidate<T>[] {
  const found: Candidate<T>[] = []
  for (const sighting of others) {
    if (sighting.id === missing.id || sighting.direction === missing.direction) continue
    const [entry, exit] = missing.direction === 'in' ? [missing, sighting] : [sighting, missing]
    if (exit.at + clockErrorMs[entry.clock] + clockErrorMs[exit.clock] < entry.at) continue
    const nearness = judgeNearness(missing.text, sighting.text)
    if (nearness !== 'far') found.push({ sighting, nearness })
  }
  const away = ({ sighting }: Candidate<T>) => Math.abs(sighting.at - missing.at)
  return found.sort((a, b) => order[a.nearness] - order[b.nearness] || away(a) - away(b))
}
