import { useState } from 'react'

export type Action = {
  readonly busy: boolean
  /** What the last run failed with; null when it did not. */
  readonly error: unknown
  readonly run: (work: () => Promise<void>) => void
}

/** Something that a button starts: busy while it runs, and what it failed with. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return { busy, error, run: (work) => void act(work) }
}
