/** What may be said after a search: what was looked at, against what, and what such a search would miss. */

export type SearchFacts = {
  readonly files: number
  readonly ours: number
  readonly unsure: number
  readonly sources: readonly string[]
  readonly from: Date
  readonly until: Date
  /** Pictures stored, and of them those that can be known again by their hash. */
  readonly captures: number
  readonly hashed: number
  /** Stored faces that a found one can be led back to; null where faces are off. */
  readonly faces: number | null
  readonly indexRoot: string
  /** Copies planted by a self-test, by kind; null when none was run. */
  readonly selfTest: readonly PlantedCopies[] | null
}

export type PlantedCopies = {
  readonly kind: string
  readonly planted: number
  readonly found: number
}

/**
 * Sentences that stay true: each says when and what was searched. None says that nothing is outside,
 * as no search can know that.
 */
export function searchStatement(facts: SearchFacts): readonly string[] {
  const { files, ours, unsure, sources, from, until, captures, hashed, faces, indexRoot } = facts
  const sentences = [
    `Of the ${count(files, 'file')} searched between ${instant(from)} and ${instant(until)} from ${list(sources)}, ${isAre(ours)} ours.`,
  ]
  if (unsure > 0)
    sentences.push(`Of ${count(unsure, 'more file')} it cannot be said; a person has to look.`)
  const ways = [`by their hash (list ${indexRoot})`, 'by the plates that were read']
  if (faces !== null) ways.push(`by ${count(faces, 'stored face')}`)
  sentences.push(
    `They were compared with ${count(captures, 'stored picture')}, ${hashed} of which have a hash; they were looked for ${list(ways)}.`,
  )
  const { selfTest } = facts
  sentences.push(
    selfTest === null
      ? 'How many copies this search would miss was not measured: no self-test was run with it.'
      : `Of copies planted for a test, it found ${list(
          selfTest.map(({ kind, planted, found }) => `${found} of ${planted} ${kind}`),
        )}.`,
  )
  return sentences
}

function isAre(ours: number): string {
  if (ours === 0) return 'none were found to be'
  return ours === 1 ? '1 is' : `${ours} are`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function list(parts: readonly string[]): string {
  if (parts.length <= 1) return parts[0] ?? 'nowhere'
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function instant(at: Date): string {
  return `${at.toISOString().slice(0, 16)}Z`
}
