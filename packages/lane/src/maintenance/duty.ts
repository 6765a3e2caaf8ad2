/**
 * Whether the lane is in service. In maintenance nothing that its cameras see is read, kept or shown; it
 * stays so through a restart until the agency's signed word ends it.
 */

import * as path from 'node:path'

import { fromBase64, fromHex, fromUtf8, utf8 } from '@sallyport/proof/bytes'
import type { DeviceEvent } from '@sallyport/proof/device-event'
import { verifyDutyOrder } from '@sallyport/proof/maintenance-order'
import { verify } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

import type { Cameras } from '../cameras.ts'
import { parseJson } from '../device.ts'
import type { DurableFiles } from '../durable-files.ts'
import type { Frame } from '../sources/source.ts'

const dutyFileName = 'duty.json'

const keptShape = z.object({
  order: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  issued_at: z.string(),
})
type Kept = z.infer<typeof keptShape>

const answerShape = z.object({
  document: z.string().max(4_000),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
})

type Owner = { readonly device: string; readonly agencyKey: Uint8Array }
type Tests = { readonly drawn: number; readonly read: number }

export class Duty {
  readonly #file: string
  readonly #files: DurableFiles
  readonly #owner: Owner
  #kept: Kept = { order: null, issued_at: '' }
  #order: string | null = null
  #withheld = 0
  #tests: Tests = { drawn: 0, read: 0 }

  private constructor(directory: string, owner: Owner, files: DurableFiles) {
    this.#file = path.join(directory, dutyFileName)
    this.#owner = owner
    this.#files = files
  }

  /** Reads what was kept: a lane that is started again in maintenance is still in it. */
  static async open(directory: string, owner: Owner, files: DurableFiles): Promise<Duty> {
    const duty = new Duty(directory, owner, files)
    const kept = await readKept(directory, files)
    if (kept !== null) {
      duty.#kept = kept
      duty.#order = kept.order
    }
    return duty
  }

  /** The work order that the lane is in maintenance for; null in service. */
  get order(): string | null {
    return this.#order
  }

  /** Counts a drawn picture that the reader was given, and whether it said what is drawn. */
  tested(isRead: boolean): void {
    const { drawn, read } = this.#tests
    this.#tests = { drawn: drawn + 1, read: read + (isRead ? 1 : 0) }
  }

  /**
   * Takes the hub's answer. A change is recorded before it is kept, and what begins holds from this
   * moment even if it cannot be kept. Answers false when it is not the agency's newest word.
   */
  async take(answer: unknown, record: (event: DeviceEvent) => Promise<void>): Promise<boolean> {
    const parsed = answerShape.safeParse(answer)
    const bytes = parsed.success ? fromBase64(parsed.data.document) : null
    const signature = parsed.success ? fromHex(parsed.data.signature) : null
    if (bytes === null || signature === null) return false
    const verified = verifyDutyOrder(this.#owner.agencyKey, bytes, signature, verify)
    if (verified.kind === 'refused') return false
    const { statement: said } = verified
    // An old word that is played again must not open the lane's eyes, or shut them.
    if (said.device !== this.#owner.device || said.issued_at < this.#kept.issued_at) return false
    const order = said.kind === 'maintenance' ? said.order : null
    if (order === this.#kept.order) return true
    const ended = this.#kept.order === null ? null : this.#ended(this.#kept.order)
    if (order !== null && order !== this.#order) {
      this.#order = order
      this.#withheld = 0
      this.#tests = { drawn: 0, read: 0 }
    }
    if (ended !== null) await record(ended)
    if (order !== null) await record({ kind: 'maintenance_began', order })
    const kept = { order, issued_at: said.issued_at }
    await this.#files.write(this.#file, utf8(`${JSON.stringify(kept)}\n`))
    this.#kept = kept
    this.#order = order
    return true
  }

  /** Whether a frame must not be looked at; it is counted, and whoever sent it is told. */
  withholds(frame: Pick<Frame, 'answer'>): boolean {
    if (this.#order === null) return false
    this.#withheld += 1
    frame.answer?.({ kind: 'dropped', code: 'in_maintenance' })
    return true
  }

  #ended(order: string): DeviceEvent {
    const { drawn, read } = this.#tests
    return { kind: 'maintenance_ended', order, withheld: this.#withheld, drawn, read }
  }
}

/** The work order that the lane in `directory` is in maintenance for; null in service. */
export async function keptOrder(directory: string, files: DurableFiles): Promise<string | null> {
  return (await readKept(directory, files))?.order ?? null
}

async function readKept(directory: string, files: DurableFiles): Promise<Kept | null> {
  const bytes = await files.read(path.join(directory, dutyFileName)).catch(() => null)
  const parsed = keptShape.safeParse(parseJson((bytes && fromUtf8(bytes)) ?? ''))
  return parsed.success ? parsed.data : null
}

/** The same cameras, of which nothing comes through while the lane is in maintenance. */
export function guarded([first, ...others]: Cameras, duty: Duty): Cameras {
  const guard = (one: Cameras[0]): Cameras[0] => {
    const { source } = one
    const frames = (signal: AbortSignal) => withheld(source.frames(signal), duty)
    return { ...one, source: { kind: source.kind, name: source.name, frames } }
  }
  return [guard(first), ...others.map(guard)]
}

async function* withheld(frames: AsyncIterable<Frame>, duty: Duty): AsyncGenerator<Frame, void> {
  for await (const frame of frames) if (!duty.withholds(frame)) yield frame
}
