/** A candidate beside the model in service, both in a thread of their own. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import type {
  BothDescriptions,
  BothReads,
  CandidateAnswer,
  CandidateJob,
  FaceJob,
  PlateJob,
} from './candidate-job.ts'
import { checkOnnx, type OnnxRefusal } from './onnx-check.ts'
import type { SandboxRefusal, Standing } from './sandbox.ts'

export type CandidateRefused = {
  readonly kind: 'refused'
  readonly code: OnnxRefusal | SandboxRefusal['code']
  readonly detail: string
}

export type Candidate<Both> = {
  readonly kind: 'ready'
  readonly standing: Standing
  /** Name and hash of the model in service. */
  readonly service: string
  /** What both make of it; null where the picture cannot be decoded. One picture at a time. */
  tryOn(picture: Uint8Array): Promise<Both | null>
  close(): Promise<void>
}

/** Sources run through tsx, which a thread does not inherit. */
const source = `
  const { workerData } = require('node:worker_threads')
  import(workerData.loader).then((tsx) => { tsx.register(); return import(workerData.script) })
`

/** What there is to try a candidate. */
export type CandidateOpeners = {
  readonly plates: (job: PlateJob) => Promise<Candidate<BothReads> | CandidateRefused>
  readonly faces: (job: FaceJob) => Promise<Candidate<BothDescriptions> | CandidateRefused>
}

export const candidateOpeners: CandidateOpeners = { plates: open, faces: open }

/** Looks at the file, then loads it in the sandbox and tries it on pictures of nobody. */
async function open<Both>(job: CandidateJob): Promise<Candidate<Both> | CandidateRefused> {
  const check = checkOnnx(job.model)
  if (check.kind === 'refused') return check
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))
  const worker = new Worker(source, {
    eval: true,
    workerData: {
      job,
      loader: new URL('./dist/esm/api/index.mjs', tsx).href,
      script: new URL('./candidate-thread.ts', import.meta.url).href,
    },
  })
  const next = answersOf<Both>(worker)
  const first = await next()
  if (first.kind === 'refused') {
    await worker.terminate()
    return first
  }
  if (first.kind !== 'ready') throw new Error('a thread begins with whether it is ready')
  return {
    ...first,
    async tryOn(picture) {
      worker.postMessage(picture)
      const answer = await next()
      return answer.kind === 'tried' ? answer.both : null
    },
    async close() {
      const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      worker.postMessage('close')
      await gone
    },
  }
}

/** The answers of a thread one after another; throws when it ends instead. */
function answersOf<Both>(worker: Worker): () => Promise<CandidateAnswer<Both>> {
  const answers: CandidateAnswer<Both>[] = []
  let failure: Error | null = null
  let wake = (): void => undefined
  worker.on('message', (answer: CandidateAnswer<Both>) => {
    answers.push(answer)
    wake()
  })
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error))
    wake()
  })
  worker.on('exit', () => {
    failure ??= new Error('The thread of a candidate ended.')
    wake()
  })
  return async () => {
    for (;;) {
      const answer = answers.shift()
      if (answer !== undefined) return answer
      if (failure !== null) throw failure
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}
