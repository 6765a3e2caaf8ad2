/** Which rows of a coarse answer can belong to the best: none that could is left out. */

/** Keeps the rows that may be among the `count` best, given coarse scores and how wrong they can be. */
export class Candidates {
  readonly #count: number
  /** Twice the largest error: a row so far behind the last of the best cannot be ahead of it. */
  readonly #margin: number
  /** Coarse scores of the best so far, a heap with the worst first. */
  readonly #best: number[] = []
  #rows: number[] = []
  #scores: number[] = []
  #kept = 1024
  /** What scores less is out. */
  cut = -Infinity

  constructor(count: number, errorMax: number) {
    this.#count = count
    this.#margin = 2 * errorMax
  }

  /** Takes a row whose score is at least `cut`; the caller looks at `cut` first, as nearly all are below. */
  take(row: number, score: number): void {
    this.#rows.push(row)
    this.#scores.push(score)
    const best = this.#best
    if (best.length < this.#count) {
      best.push(score)
      this.#rise(best.length - 1)
    } else if (score > (best[0] as number)) {
      best[0] = score
      this.#sink()
    }
    if (best.length === this.#count) this.cut = (best[0] as number) - this.#margin
    // Early rows were taken at a low cut; a list of a gallery's length would be slower than none.
    if (this.#rows.length > 4096 && this.#rows.length > 4 * this.#kept) this.#sift()
  }

  /** The rows that are left. */
  rows(): readonly number[] {
    this.#sift()
    return this.#rows
  }

  #sift(): void {
    const rows: number[] = []
    const scores: number[] = []
    for (const [at, score] of this.#scores.entries()) {
      if (score < this.cut) continue
      rows.push(this.#rows[at] as number)
      scores.push(score)
    }
    this.#rows = rows
    this.#scores = scores
    this.#kept = Math.max(1024, rows.length)
  }

  #rise(from: number): void {
    const heap = this.#best
    for (let at = from; at > 0;) {
      const above = (at - 1) >> 1
      if ((heap[above] as number) <= (heap[at] as number)) return
      swap(heap, at, above)
      at = above
    }
  }

  #sink(): void {
    const heap = this.#best
    for (let at = 0; ;) {
      let least = at
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < heap.length && (heap[below] as number) < (heap[least] as number)) least = below
      }
      if (least === at) return
      swap(heap, at, least)
      at = least
    }
  }
}

function swap(values: number[], a: number, b: number): void {
  const kept = values[a] as number
  values[a] = values[b] as number
  values[b] = kept
}
