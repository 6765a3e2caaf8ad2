/**
 * The thread in which a candidate and the model in service see the same pictures: pixels are decoded in
 * its memory, and crops of plates or faces alone go on to the process of the candidate.
 */

import { parentPort, workerData } from 'node:worker_threads'

import { limits } from '../limits.ts'
import type {
  BothDescriptions,
  BothReads,
  CandidateAnswer,
  CandidateJob,
  Side,
} from './candidate-job.ts'
import { faceSide, promisedByFace } from './face-side.ts'
import { promisedBy } from './plate-card.ts'
import { plateSide } from './plate-side.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

type Answer = CandidateAnswer<BothReads | BothDescriptions>

/** Runs the candidate's network; null when it failed. */
export type RunCandidate = Sandbox['run']

async function serve(port: NonNullable<typeof parentPort>, job: CandidateJob): Promise<void> {
  const promised = job.subject === 'plates' ? promisedBy(job.card) : promisedByFace(job.card)
  let sandbox = await startSandbox(job.model, promised, job.options)
  if (sandbox.kind === 'refused') return port.postMessage(sandbox satisfies Answer)
  const { standing } = sandbox
  let restarts = 0

  /** The process; a new one after the last was killed, or null when that happened too often. */
  async function running(): Promise<Sandbox | null> {
    if (sandbox.kind === 'running' && !sandbox.ended) return sandbox
    if (restarts >= limits.candidateRestartsMax) return null
    restarts += 1
    sandbox = await startSandbox(job.model, promised, job.options)
    return sandbox.kind === 'running' ? sandbox : null
  }

  const run: RunCandidate = async (data, count) =>
    (await (await running())?.run(data, count)) ?? null
  const side: Side | Extract<Answer, { kind: 'refused' }> =
    job.subject === 'plates' ? await plateSide(job, run) : await faceSide(job, run)
  if ('kind' in side) {
    if (sandbox.kind === 'running') await sandbox.close()
    return port.postMessage(side satisfies Answer)
  }

  port.on('message', (task: Uint8Array | 'close') => {
    if (task === 'close') {
      const ended = sandbox.kind === 'running' ? sandbox.close() : Promise.resolve()
      void ended.then(() => port.close())
      return
    }
    void side.tryOn(task).then((answer) => port.postMessage(answer))
  })
  port.postMessage({ kind: 'ready', standing, service: side.service } satisfies Answer)
}

if (parentPort !== null) {
  const port = parentPort
  void serve(port, workerData.job as CandidateJob)
}
