/** One at a time: acts that read, log and write must not see each other half done. */

export type Turn = <T>(work: () => Promise<T>) => Promise<T>
type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** One line for all: each begins when the one before has ended, however it ended. */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

/** A line for each name. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return (name, work) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work)
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (last.get(name) === settled) last.delete(name)
      })
    last.set(name, settled)
    return turn
  }
}
