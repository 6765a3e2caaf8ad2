import { useQueryClient } from '@tanstack/react-query'

import type { WindowView } from '../api/window-types.ts'
import { useAction } from '../shell/use-action.ts'
import { faceKeys } from '../window/face-queries.ts'
import { sayStep, type StepBody, windowKeys } from '../window/window-queries.ts'

/** Says a step upon what this page shows, and reads everything about the window again. */
export function useSay(window: WindowView) {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const say = (body: StepBody, note: string): void =>
    run(async () => {
      try {
        const text = note.trim()
        await sayStep(window.crossing, text === '' ? body : { ...body, note: text }, window.seen)
      } finally {
        // Also after a refusal: it says that something was said meanwhile.
        await Promise.all([
          client.invalidateQueries({ queryKey: windowKeys.all }),
          client.invalidateQueries({ queryKey: faceKeys.all }),
        ])
      }
    })
  return { busy, error, say }
}
