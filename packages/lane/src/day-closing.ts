/**
 * Tells the hub when a day is over for this lane: from then on nothing is sealed to it, whatever the
 * clock says, so that the hub can destroy the day's key (specs/seal.md, Closing a day).
 */

import * as path from 'node:path'

import { fromUtf8, toHex, utf8 } from '@sallyport/proof/bytes'
import { encodeDayClosed, signDayClosed } from '@sallyport/proof/day-closed'
import { epochDay } from '@sallyport/proof/epoch'
import { sign } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

import type { Alarms } from './alarms.ts'
import type { Clock } from './clock.ts'
import { closedFileName, parseJson } from './device.ts'
import type { DurableFiles } from './durable-files.ts'
import { type Report, reasonOf } from './events.ts'
import { type Ask, problemCode } from './http.ts'
import { limits } from './limits.ts'
import type { Signer } from './sealing.ts'

/** The days that are over for this lane, up to one, and the last sequence when they were closed. */
type Closed = { readonly through: string; readonly sequence: number; readonly told: boolean }

const closedShape = z.strictObject({
  through: z.iso.date(),
  sequence: z.int().min(0),
  told: z.boolean(),
})

export class ClosedDays {
  readonly #file: string
  readonly #files: DurableFiles
  #closed: Closed | null = null

  constructor(directory: string, files: DurableFiles) {
    this.#file = path.join(directory, closedFileName)
    this.#files = files
  }

  /** Reads what was kept. A damaged file counts as none: the days are closed again, and told again. */
  async load(): Promise<void> {
    try {
      const text = fromUtf8(await this.#files.read(this.#file))
      const parsed = closedShape.safeParse(parseJson(text ?? ''))
      if (parsed.success) this.#closed = parsed.data
    } catch {
      // Nothing closed yet.
    }
  }

  /** Whether a day is over: nothing may be sealed to its epoch any more. */
  has(day: string): boolean {
    return this.#closed !== null && day <= this.#closed.through
  }

  get latest(): Closed | null {
    return this.#closed
  }

  /** Closes all days up to `through`. Durable when this resolves; on failure nothing is closed. */
  async close(through: string, sequence: number): Promise<void> {
    await this.#keep({ through, sequence, told: false })
  }

  /** The hub has noted it. */
  async told(): Promise<void> {
    if (this.#closed !== null) await this.#keep({ ...this.#closed, told: true })
  }

  async #keep(closed: Closed): Promise<void> {
    await this.#files.write(this.#file, utf8(`${JSON.stringify(closed)}\n`))
    this.#closed = closed
  }
}

/** The last UTC day that is over at `now`, with time for what was captured at its end to be sealed. */
export function lastDayOver(now: Date): string {
  return epochDay(new Date(now.getTime() - limits.dayCloseAfterMs - 86_400_000))
}

type Parts = {
  readonly hub: string
  readonly signer: Signer
  readonly closed: ClosedDays
  /** Closes days between two crossings: what is sealed later is not of them. */
  readonly close: (through: string) => Promise<void>
  /** Whether something outside the chain waits that only a key of these days opens. */
  readonly needed: (through: string) => boolean
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly ask: Ask
}

/** Closes days as they end and tells the hub, until `signal` is aborted. Never rejects. */
export async function runDayClosing(parts: Parts, signal: AbortSignal): Promise<void> {
  const { closed, clock, alarms } = parts
  while (!signal.aborted) {
    try {
      const over = lastDayOver(clock.now())
      if (!closed.has(over)) await parts.close(over)
      const { latest } = closed
      if (latest !== null && !latest.told && !parts.needed(latest.through))
        await tell(parts, latest, signal)
    } catch (error) {
      alarms.raise('spool_write_failed', `A day cannot be closed (${reasonOf(error)}).`)
    }
    await clock.sleep(limits.dayCloseLookMs, signal)
  }
}

async function tell(
  { hub, signer, closed, report, clock, ask }: Parts,
  { through, sequence }: Closed,
  signal: AbortSignal,
): Promise<void> {
  const body = encodeDayClosed({
    version: 1,
    device: signer.device,
    port: signer.port,
    through,
    last_sequence: sequence,
    signed_at: clock.now().toISOString(),
  })
  const answer = await ask(
    new URL(`/v1/devices/${signer.device}/closed-days`, hub).href,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'sallyport-signature': toHex(signDayClosed(signer.signingSeed, body, sign)),
      },
      body,
    },
    signal,
  )
  if (answer.kind !== 'answer') return
  if (answer.status === 204) {
    await closed.told()
    report({ event: 'day_closed', through, sequence })
  } else report({ event: 'day_not_closed', through, code: problemCode(answer) })
}
