/**
 * A stranger's model in a process of its own, behind walls, on ONNX Runtime's wasm build. Numbers go in
 * over a pipe and come out over another; the process is killed when it takes too long or too much.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'

import { z } from 'zod'

import { limits } from '../limits.ts'
import { frame, FrameReader } from './frames.ts'
import { type Walls, walledCommand } from './walls.ts'

export type SandboxLimits = {
  readonly loadMs: number
  readonly runMs: number
  readonly processBytes: number
  readonly memoryPages: number
}

export type SandboxOptions = {
  readonly walls?: Walls
  readonly limits?: Partial<SandboxLimits>
}

/** What a network takes and gives for one picture. */
export type Promised = {
  readonly input: { readonly name: string; readonly width: number; readonly height: number }
  /** Pictures that it takes at once: a face and its mirror image are two. */
  readonly together?: number
  /** How many numbers each output has. */
  readonly outputs: Readonly<Record<string, number>>
}

/** Which walls stood when the model was loaded, as the process found them. */
export type Standing = { readonly files: boolean; readonly network: boolean }

export type SandboxRefusal = {
  readonly kind: 'refused'
  readonly code: 'no_sandbox' | 'model_not_run' | 'model_too_slow' | 'model_too_large'
  readonly detail: string
}

export type Sandbox = {
  readonly kind: 'running'
  readonly standing: Standing
  /**
   * Runs the network over `count` pictures; null when it failed, gave something else than it promised,
   * or was killed. Why is not said: what a model says of a picture leaves by the report only.
   */
  run(data: Float32Array, count: number): Promise<Readonly<Record<string, Float32Array>> | null>
  /** True once the process is gone. */
  readonly ended: boolean
  close(): Promise<void>
}

const headBytesMax = 64 * 1024
const watchMs = 100

const reached = z.object({ kind: z.literal('reached'), files: z.boolean(), network: z.boolean() })
const opened = z.union([
  z.object({
    kind: z.literal('loaded'),
    inputs: z.array(z.string()),
    outputs: z.array(z.string()),
  }),
  z.object({ kind: z.literal('refused'), detail: z.string() }),
])
const answered = z.union([
  z.object({
    kind: z.literal('outputs'),
    dims: z.record(z.string(), z.array(z.number())),
    float32: z.boolean(),
  }),
  z.object({ kind: z.literal('failed'), detail: z.string() }),
])

/**
 * Starts a process, loads the model and tries it on an empty picture. Refused where neither wall stands,
 * and when the model cannot be loaded, does not keep its promise, or takes too long or too much.
 */
export async function startSandbox(
  model: Uint8Array,
  promised: Promised,
  { walls = { namespace: true, permissions: true }, limits: given }: SandboxOptions = {},
): Promise<Sandbox | SandboxRefusal> {
  const most: SandboxLimits = {
    loadMs: limits.candidateLoadMsMax,
    runMs: limits.candidateRunMsMax,
    processBytes: limits.candidateProcessBytesMax,
    memoryPages: limits.candidateMemoryPages,
    ...given,
  }
  const child = new ModelProcess(walledCommand(walls), most.processBytes)
  const refuse = async (refusal: Omit<SandboxRefusal, 'kind'>): Promise<SandboxRefusal> => {
    await child.kill()
    return { kind: 'refused', ...refusal }
  }
  const within = child.deadline(most.loadMs)
  const found = reached.safeParse(await child.head())
  if (!found.success)
    return refuse(
      child.killedFor === null
        ? noWalls('the process that runs it did not start')
        : endOf(child, 'was not ready in time'),
    )
  const standing = { files: !found.data.files, network: !found.data.network }
  if (!standing.files && !standing.network)
    return refuse(noWalls('neither a network namespace nor Node’s permission model holds'))
  const names = Object.keys(promised.outputs)
  child.send(
    Buffer.from(
      JSON.stringify({
        memory_pages: most.memoryPages,
        input: promised.input,
        outputs: names,
      }),
    ),
  )
  child.send(model)
  const loaded = opened.safeParse(await child.head())
  if (!loaded.success) return refuse(endOf(child, 'could not be loaded'))
  if (loaded.data.kind === 'refused')
    return refuse({
      code: 'model_not_run',
      detail: `ONNX Runtime refuses it: ${tame(loaded.data.detail)}`,
    })
  const { inputs, outputs } = loaded.data
  const missing = names.filter((name) => !outputs.includes(name))
  if (missing.length > 0 || inputs.length !== 1 || inputs[0] !== promised.input.name)
    return refuse({
      code: 'model_not_run',
      detail: `It takes ${tame(inputs.join(', '))} and gives ${tame(outputs.join(', '))}; by its card it takes ${tame(promised.input.name)} and gives ${tame(names.join(', '))}.`,
    })
  within()

  const { width, height } = promised.input
  const tried = await tryOut()
  if (tried !== null) return refuse(tried)

  /** One empty picture; here, before any real one, the reason may be told. */
  async function tryOut(): Promise<Omit<SandboxRefusal, 'kind'> | null> {
    const count = promised.together ?? 1
    const empty = await runOnce(new Float32Array(count * 3 * width * height), count)
    if (empty.kind === 'outputs') return null
    if (child.killedFor !== null) return endOf(child, 'takes too long for one picture')
    return { code: 'model_not_run', detail: `It fails on an empty picture: ${empty.detail}` }
  }

  async function runOnce(data: Float32Array, count: number) {
    const done = child.deadline(most.runMs)
    child.send(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    const head = answered.safeParse(await child.head())
    const failed = async (detail: string) => {
      done()
      return { kind: 'failed', detail } as const
    }
    if (!head.success) {
      await child.kill()
      return failed('it said nothing that is understood')
    }
    if (head.data.kind === 'failed') return failed(tame(head.data.detail))
    const { dims, float32 } = head.data
    const read: [string, Float32Array][] = []
    let fits = float32
    for (const name of names) {
      const numbers = (promised.outputs[name] ?? 0) * count
      const bytes = await child.next(numbers * 4)
      if (bytes === null || bytes.length !== numbers * 4) {
        fits = false
        // What follows cannot be told from another frame.
        await child.kill()
        break
      }
      read.push([name, new Float32Array(Uint8Array.from(bytes).buffer)])
    }
    if (!fits)
      return failed(
        `it gives ${tame(JSON.stringify(dims))}, not what its card promises: ${JSON.stringify(promised.outputs)} numbers of float32 a picture`,
      )
    done()
    return { kind: 'outputs', outputs: Object.fromEntries(read) } as const
  }

  return {
    kind: 'running',
    standing,
    get ended() {
      return child.ended
    },
    async run(data, count) {
      if (child.ended) return null
      const answer = await runOnce(data, count)
      return answer.kind === 'outputs' ? answer.outputs : null
    },
    close: () => child.kill(),
  }
}

function noWalls(why: string): Omit<SandboxRefusal, 'kind'> {
  return {
    code: 'no_sandbox',
    detail: `No model is run here: ${why}. docs/contractors.md says what a system needs.`,
  }
}

function endOf(child: ModelProcess, what: string): Omit<SandboxRefusal, 'kind'> {
  if (child.killedFor === 'time')
    return { code: 'model_too_slow', detail: `It ${what}: it was stopped.` }
  if (child.killedFor === 'memory')
    return {
      code: 'model_too_large',
      detail: 'It takes more memory than it may have, and was stopped.',
    }
  return { code: 'model_not_run', detail: `It ${what}: its process ended.` }
}

/** What a runtime says of a stranger's model, without anything that a terminal would obey. */
function tame(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').slice(0, 300)
}

/** The process, killed for good reasons and with its owner. */
class ModelProcess {
  readonly #child: ChildProcess
  readonly #frames = new FrameReader()
  readonly #gone: Promise<void>
  readonly #watch: NodeJS.Timeout
  ended = false
  killedFor: 'time' | 'memory' | null = null

  constructor([program = '', ...words]: readonly string[], bytesMax: number) {
    this.#child = spawn(program, words, {
      env: {},
      cwd: '/',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#child.stdout?.on('data', (bytes: Buffer) => this.#frames.push(bytes))
    // A process that ended takes nothing more; its end is noticed below.
    this.#child.stdin?.on('error', () => undefined)
    this.#gone = new Promise((resolve) => {
      const end = (): void => {
        this.ended = true
        clearInterval(this.#watch)
        this.#frames.end()
        resolve()
      }
      this.#child.once('error', end)
      this.#child.once('close', end)
    })
    this.#watch = setInterval(() => void this.#weigh(bytesMax), watchMs)
    this.#watch.unref()
  }

  send(bytes: Uint8Array): void {
    this.#child.stdin?.write(frame(bytes))
  }

  next(bytesMax: number): Promise<Buffer | null> {
    return this.#frames.next(bytesMax)
  }

  /** The next frame as JSON; null when there is none. */
  async head(): Promise<unknown> {
    const bytes = await this.next(headBytesMax)
    try {
      return bytes === null ? null : JSON.parse(bytes.toString('utf8'))
    } catch {
      return null
    }
  }

  /** Kills the process unless what is returned is called in time. */
  deadline(ms: number): () => void {
    const timer = setTimeout(() => {
      this.killedFor ??= 'time'
      void this.kill()
    }, ms)
    timer.unref()
    return () => clearTimeout(timer)
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  /** Memory of the whole process, where the system tells it; the runtime's own is bounded anyway. */
  async #weigh(bytesMax: number): Promise<void> {
    const status = await readFile(`/proc/${this.#child.pid ?? 0}/status`, 'utf8').catch(() => '')
    const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    if (kibibytes * 1024 <= bytesMax) return
    this.killedFor ??= 'memory'
    await this.kill()
  }
}
