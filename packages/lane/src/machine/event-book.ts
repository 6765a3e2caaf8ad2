/**
 * Events of the lane's computer, signed and numbered, durable before anybody hears of them and until
 * the hub has them. No number is used twice, through any crash.
 */

import * as path from 'node:path'

import { concat, fromHex, fromUtf8, toHex, utf8 } from '@sallyport/proof/bytes'
import {
  type DeviceEvent,
  type DeviceEventStatement,
  encodeDeviceEvent,
  signDeviceEvent,
} from '@sallyport/proof/device-event'
import { noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { sign } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

import type { Clock } from '../clock.ts'
import { parseJson } from '../device.ts'
import { type DurableFiles, temporarySuffix } from '../durable-files.ts'
import { limits } from '../limits.ts'
import type { Signer } from '../sealing.ts'
import type { Seen } from './changes.ts'

const eventsName = 'events'
const stateName = 'state.json'
const refusedName = 'refused'
const eventPattern = /^(\d{16})\.event$/
const signatureHexLength = 128
/** A running lane delivers events between two looks at them. */
const eventReadsMax = 5

const seenShape: z.ZodType<Seen> = z.object({
  at: z.iso.datetime({ precision: 3 }),
  boot: z.string().nullable(),
  drives: z
    .array(
      z.object({
        name: z.string(),
        bus: z.enum(['usb', 'card', 'optical', 'other']),
        bytes: z.int().min(0),
        maker: z.string(),
        model: z.string(),
        serial: z.string(),
        number: z.int().nullable(),
      }),
    )
    .nullable(),
  usb: z
    .array(
      z.object({
        place: z.string(),
        vendor: z.string(),
        product: z.string(),
        serial: z.string(),
      }),
    )
    .nullable(),
  enclosure: z.object({ state: z.enum(['open', 'closed']), sensor: z.string() }).nullable(),
})
const stateShape = z.object({
  version: z.literal(1),
  sequence: z.int().min(0),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  seen: seenShape.nullable(),
})
type State = z.infer<typeof stateShape>
type Observed = Pick<DeviceEventStatement, 'observed_at' | 'boot' | 'monotonic_ms' | 'event'>

type WaitingEvent = {
  readonly sequence: number
  readonly statement: Uint8Array
  readonly signature: string
}

export class EventBook {
  readonly #directory: string
  readonly #files: DurableFiles
  readonly #signer: Signer
  readonly #clock: Clock
  #state: State
  #waiting: number[]
  #turn: Promise<unknown> = Promise.resolve()
  #wake: (() => void)[] = []

  private constructor(
    { directory, files, signer, clock }: BookParts,
    state: State,
    waiting: number[],
  ) {
    this.#directory = path.join(directory, eventsName)
    this.#files = files
    this.#signer = signer
    this.#clock = clock
    this.#state = state
    this.#waiting = waiting
  }

  /**
   * Opens the book in the lane's directory; a lane of before has none and gets one. A damaged state goes
   * on after the newest event that waits: the hub tells when that is not where it was.
   */
  static async open(parts: BookParts): Promise<EventBook> {
    const { files } = parts
    const directory = path.join(parts.directory, eventsName)
    await files.directory(path.join(directory, refusedName))
    await files.directory(directory)
    const listed = await files.list(directory)
    for (const { name } of listed)
      if (name.endsWith(temporarySuffix)) await files.remove(path.join(directory, name))
    const { state, waiting } = await readBook(directory, listed, files)
    return new EventBook(parts, state, waiting)
  }

  /** The last look that was kept; null before the first. */
  get seen(): Seen | null {
    return this.#state.seen
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  get isFull(): boolean {
    return this.#waiting.length >= limits.eventsWaitingMax
  }

  /** Signs an event. It survives a power cut when this resolves; when it rejects, no number was used. */
  record(event: DeviceEvent): Promise<number> {
    return this.#inTurn(() => this.#append(this.#seenNow(event)))
  }

  /**
   * The hub's newest event is not the one that this book remembers: it goes on after that one, says so first, and
   * signs what waits anew under numbers that are free. What a power cut interrupts is told twice, not lost.
   */
  continueAfter(known: { readonly sequence: number; readonly previous: string }): Promise<void> {
    return this.#inTurn(async () => {
      const kept = this.#state.sequence
      const taken = this.#waiting.filter((one) => one <= known.sequence)
      if (kept < known.sequence) this.#state = { ...this.#state, ...known }
      await this.#append(this.#seenNow({ kind: 'memory_lost', kept, known: known.sequence }))
      for (const sequence of taken) {
        const file = path.join(this.#directory, nameOf(sequence))
        const { statement } = split(await this.#files.read(file))
        await this.#append(JSON.parse(fromUtf8(statement) ?? '') as DeviceEventStatement)
      }
      await this.#keep(this.#state)
      for (const sequence of taken)
        await this.#files.remove(path.join(this.#directory, nameOf(sequence)))
      this.#waiting = this.#waiting.filter((one) => !taken.includes(one))
    })
  }

  #seenNow(event: DeviceEvent): Observed {
    const { boot, bootMonotonicMs } = this.#signer
    return {
      observed_at: this.#clock.now().toISOString(),
      boot,
      monotonic_ms: Math.max(0, this.#clock.monotonicMs() - bootMonotonicMs),
      event,
    }
  }

  /** Signs under the next number. In turn only. */
  async #append({ observed_at, boot, monotonic_ms, event }: Observed): Promise<number> {
    const { device, lane, signingSeed } = this.#signer
    const sequence = this.#state.sequence + 1
    const { previous } = this.#state
    const statement = encodeDeviceEvent({
      version: 1,
      ...{ device, lane, sequence, previous, observed_at, boot, monotonic_ms, event },
    })
    const signature = toHex(signDeviceEvent(signingSeed, statement, sign))
    const file = path.join(this.#directory, nameOf(sequence))
    await this.#files.write(file, concat(utf8(`${signature}\n`), statement))
    this.#state = { ...this.#state, sequence, previous: sha256Hex(statement) }
    this.#waiting.push(sequence)
    for (const wake of this.#wake.splice(0)) wake()
    return sequence
  }

  /** Remembers a look whose events are recorded. */
  saw(seen: Seen): Promise<void> {
    return this.#inTurn(async () => {
      await this.#keep({ ...this.#state, seen })
    })
  }

  /** The event to send next; asked only when one waits. */
  async oldest(): Promise<WaitingEvent> {
    const [sequence] = this.#waiting
    if (sequence === undefined) throw new Error('no event waits')
    const bytes = await this.#files.read(path.join(this.#directory, nameOf(sequence)))
    return { sequence, ...split(bytes) }
  }

  /** The hub has it, or will never take it: then it is kept aside for people to look into. */
  settled(sequence: number, how: 'accepted' | 'refused'): Promise<void> {
    return this.#inTurn(async () => {
      const file = path.join(this.#directory, nameOf(sequence))
      // The number must not be used again when the last event goes.
      if (this.#waiting.length === 1) await this.#keep(this.#state)
      if (how === 'accepted') await this.#files.remove(file)
      else await this.#files.move(file, path.join(this.#directory, refusedName, nameOf(sequence)))
      this.#waiting = this.#waiting.filter((one) => one !== sequence)
    })
  }

  /** Resolves when something is recorded after this call, or when `signal` is aborted. */
  recorded(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      signal.addEventListener('abort', wake, { once: true })
      this.#wake.push(wake)
    })
  }

  async #keep(state: State): Promise<void> {
    const bytes = utf8(`${JSON.stringify(state)}\n`)
    await this.#files.write(path.join(this.#directory, stateName), bytes)
    this.#state = state
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => {})
    return turn
  }
}

type BookParts = {
  /** The lane's own. */
  readonly directory: string
  readonly files: DurableFiles
  readonly signer: Signer
  readonly clock: Clock
}

/** Where the chain of events of the lane in `directory` stands. Reads only: the lane may be running. */
export async function readEventChain(
  directory: string,
  files: Pick<DurableFiles, 'list' | 'read'>,
): Promise<{ readonly sequence: number; readonly previous: string; readonly waiting: number }> {
  const events = path.join(directory, eventsName)
  for (let tries = 1; ; tries += 1) {
    try {
      const { state, waiting } = await readBook(events, await files.list(events), files)
      return { sequence: state.sequence, previous: state.previous, waiting: waiting.length }
    } catch {
      // Delivered between the list and the reading; or damaged, or a lane that never ran.
      if (tries < eventReadsMax) continue
      const { sequence, previous } = await readState(path.join(events, stateName), files)
      return { sequence, previous, waiting: 0 }
    }
  }
}

async function readBook(
  directory: string,
  listed: readonly { readonly name: string }[],
  files: Pick<DurableFiles, 'read'>,
): Promise<{ readonly state: State; readonly waiting: number[] }> {
  const waiting = listed
    .flatMap(({ name }) => Number(eventPattern.exec(name)?.[1] ?? 0) || [])
    .toSorted((a, b) => a - b)
  const state = await readState(path.join(directory, stateName), files)
  const newest = waiting.at(-1) ?? 0
  if (newest <= state.sequence) return { state, waiting }
  // Durable after the state was: the number is used.
  const { statement } = split(await files.read(path.join(directory, nameOf(newest))))
  return { state: { ...state, sequence: newest, previous: sha256Hex(statement) }, waiting }
}

async function readState(file: string, files: Pick<DurableFiles, 'read'>): Promise<State> {
  const none: State = { version: 1, sequence: 0, previous: noPrevious, seen: null }
  const bytes = await files.read(file).catch(() => null)
  const parsed = stateShape.safeParse(parseJson((bytes && fromUtf8(bytes)) ?? ''))
  return parsed.success ? parsed.data : none
}

function split(bytes: Uint8Array): { readonly statement: Uint8Array; readonly signature: string } {
  const signature = fromUtf8(bytes.subarray(0, signatureHexLength)) ?? ''
  if (fromHex(signature) === null) throw new Error('an event in the lane’s directory is damaged')
  return { signature, statement: bytes.subarray(signatureHexLength + 1) }
}

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(16, '0')}.event`
}
