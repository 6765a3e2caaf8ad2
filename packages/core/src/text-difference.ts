/** Where two texts of a plate differ, character by character. */

export type Piece =
  /** The same character in both. */
  | { readonly kind: 'same'; readonly character: string }
  /** `character` stands where the reference has another. */
  | { readonly kind: 'changed'; readonly character: string; readonly reference: string }
  /** The reference lacks this character. */
  | { readonly kind: 'added'; readonly character: string }
  /** The text lacks this character of the reference. */
  | { readonly kind: 'missing'; readonly reference: string }

/**
 * The fewest changes that turn `reference` into `text`, in reading order. Texts are as short as
 * plates are: the work grows with the product of their lengths.
 */
export function differenceOf(reference: string, text: string): readonly Piece[] {
  const [from, to] = [Array.from(reference), Array.from(text)]
  const costs = costTable(from, to)
  const cost = (row: number, column: number): number =>
    costs[row]?.[column] ?? Number.POSITIVE_INFINITY
  const pieces: Piece[] = []
  let [row, column] = [from.length, to.length]
  while (row > 0 || column > 0) {
    const [was, is] = [from[row - 1], to[column - 1]]
    const here = cost(row, column)
    if (
      was !== undefined &&
      is !== undefined &&
      here === cost(row - 1, column - 1) + step(was, is)
    ) {
      pieces.push(
        was === is
          ? { kind: 'same', character: is }
          : { kind: 'changed', character: is, reference: was },
      )
      row -= 1
      column -= 1
    } else if (was !== undefined && here === cost(row - 1, column) + 1) {
      pieces.push({ kind: 'missing', reference: was })
      row -= 1
    } else {
      pieces.push({ kind: 'added', character: is ?? '' })
      column -= 1
    }
  }
  return pieces.toReversed()
}

/** How many characters have to be changed, added or left out. */
export function editDistance(reference: string, text: string): number {
  return differenceOf(reference, text).filter(({ kind }) => kind !== 'same').length
}

function step(was: string, is: string): number {
  return was === is ? 0 : 1
}

/** `costs[i][j]`: changes between the first i characters of `from` and the first j of `to`. */
function costTable(from: readonly string[], to: readonly string[]): readonly (readonly number[])[] {
  const costs: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (const [row, was] of from.entries()) {
    const above = costs[row] ?? []
    const current = [row + 1]
    for (const [column, is] of to.entries()) {
      current.push(
        Math.min(
          (above[column] ?? 0) + step(was, is),
          (above[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
        ),
      )
    }
    costs.push(current)
  }
  return costs
}
