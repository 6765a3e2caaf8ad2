/** The other end of a `TaskThread`: what the thread's own script calls. */

import { parentPort } from 'node:worker_threads'

/** Answers each task; what `answerTo` throws becomes `refuse` with the error's words. */
export function answerTasks<Ask, Answer>(
  answerTo: (ask: Ask) => Promise<Answer>,
  refuse: (reason: string) => Answer,
): void {
  const port = parentPort
  if (port === null) throw new Error('tasks are answered in a thread')
  port.on('message', ({ task, ask }: { readonly task: number; readonly ask: Ask }) => {
    void answerTo(ask)
      .catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)))
      .then((answer) => port.postMessage({ task, answer }))
  })
}
