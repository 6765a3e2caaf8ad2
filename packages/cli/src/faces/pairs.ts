/** Lists of pairs of pictures: CSV with a head that names its columns. */

export type Pair = {
  readonly a: string
  readonly b: string
  /** Whether both show one person, where the list says so. */
  readonly same: boolean | null
  /** Part of the list whose people occur in no other part. */
  readonly fold: string | null
  /** Group of the person, where it was recorded for the test. */
  readonly group: string | null
}

const pairsMax = 1_000_000

export type ParsedPairs =
  | { readonly kind: 'pairs'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'refused'; readonly detail: string }

/** Columns `a` and `b`, and `same` (1 or 0), `fold` and `group` where they are given; quotes as usual. */
export function parsePairs(text: string): ParsedPairs {
  const [head = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const columns = cellsOf(head).map((name) => name.trim().toLowerCase())
  if (!columns.includes('a') || !columns.includes('b'))
    return { kind: 'refused', detail: 'its first line must name the columns a and b.' }
  if (lines.length > pairsMax)
    return { kind: 'refused', detail: `it has more than ${pairsMax} lines; cut it into parts.` }
  const pairs: Pair[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const cells = cellsOf(line)
    const cell = (name: string): string => cells[columns.indexOf(name)]?.trim() ?? ''
    const [a, b, same] = [cell('a'), cell('b'), cell('same')]
    if (a === '' || b === '')
      return { kind: 'refused', detail: `line ${index + 2} does not name two pictures.` }
    if (!['', '0', '1'].includes(same))
      return { kind: 'refused', detail: `line ${index + 2} says same "${same}", not 1 or 0.` }
    pairs.push({
      a,
      b,
      same: same === '' ? null : same === '1',
      fold: cell('fold') || null,
      group: cell('group') || null,
    })
  }
  return { kind: 'pairs', pairs }
}

/** Cells of one line; a quote within quotes is written twice (RFC 4180). */
function cellsOf(line: string): readonly string[] {
  // With a comma in front every cell begins with one, empty ones too.
  const cells = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return Array.from(cells, ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  )
}
