/**
 * Verdicts that were given at this lane and wait for the hub: one file each, signed and sealed, durable
 * before anybody is told that it was given. What the hub will never take is moved aside, not deleted.
 */

import * as path from 'node:path'

import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { z } from 'zod'

import { parseJson } from '../device.ts'
import { type DurableFiles, temporarySuffix } from '../durable-files.ts'

const keptShape = z.strictObject({
  /** The place of its crossing in the chain: it goes to the hub after that. */
  sequence: z.int().min(1),
  statement: z.base64(),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
  epoch: z.strictObject({ day: z.iso.date(), recipient: z.string() }),
  seal: z.base64(),
})
type KeptVerdict = z.infer<typeof keptShape>

export type WaitingVerdict = KeptVerdict & { readonly id: string; readonly file: string }

const refusedName = 'refused'
const filePattern = /^(\d{16})-([0-9a-f]{32})\.json$/

/** Opens `directory`; what a killed process had begun to write is removed, what is damaged moved aside. */
export async function openKeptVerdicts(
  directory: string,
  files: DurableFiles,
): Promise<KeptVerdicts> {
  await files.directory(path.join(directory, refusedName))
  await files.directory(directory)
  const waiting: WaitingVerdict[] = []
  let last = 0
  const listed = await files.list(directory)
  for (const { name } of listed.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const [, number = '', id = ''] = filePattern.exec(name) ?? []
    last = Math.max(last, Number(number))
    if (name.endsWith(temporarySuffix)) await files.remove(path.join(directory, name))
    if (id === '') continue
    const text = fromUtf8(await files.read(path.join(directory, name)))
    const parsed = keptShape.safeParse(parseJson(text ?? ''))
    if (parsed.success) waiting.push({ ...parsed.data, id, file: name })
    else await files.move(path.join(directory, name), path.join(directory, refusedName, name))
  }
  const refused = await files.list(path.join(directory, refusedName))
  for (const { name } of refused) last = Math.max(last, Number(filePattern.exec(name)?.[1] ?? 0))
  return new KeptVerdicts(directory, files, waiting, { last, refused: refused.length })
}

export class KeptVerdicts {
  readonly #directory: string
  readonly #files: DurableFiles
  #waiting: readonly WaitingVerdict[]
  #last: number
  #refused: number
  #listeners: (() => void)[] = []

  constructor(
    directory: string,
    files: DurableFiles,
    waiting: readonly WaitingVerdict[],
    { last, refused }: { readonly last: number; readonly refused: number },
  ) {
    this.#directory = directory
    this.#files = files
    this.#waiting = waiting
    this.#last = last
    this.#refused = refused
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Those that the hub will never take, on this disk. */
  get refused(): number {
    return this.#refused
  }

  /** The one to send next. */
  oldest(): WaitingVerdict | null {
    return this.#waiting[0] ?? null
  }

  /** Whether one waits that was sealed to a day up to `through`: the hub still needs that day's key. */
  waitsOf(through: string): boolean {
    return this.#waiting.some(({ epoch }) => epoch.day <= through)
  }

  /** How many wait of which `is` holds. */
  countOf(is: (verdict: WaitingVerdict) => boolean): number {
    return this.#waiting.filter(is).length
  }

  /** When this resolves the verdict survives a power cut; when it rejects nothing was kept. */
  async keep(id: string, verdict: KeptVerdict): Promise<void> {
    this.#last += 1
    const file = `${String(this.#last).padStart(16, '0')}-${id}.json`
    await this.#files.write(path.join(this.#directory, file), utf8(JSON.stringify(verdict)))
    this.#waiting = [...this.#waiting, { ...verdict, id, file }]
    for (const wake of this.#listeners.splice(0)) wake()
  }

  /** The hub has it durably: the lane's copy goes. */
  async delivered({ file }: WaitingVerdict): Promise<void> {
    await this.#files.remove(path.join(this.#directory, file))
    this.#forget(file)
  }

  /** The hub will never take it: kept aside for people to look into. */
  async setAside({ file }: WaitingVerdict): Promise<void> {
    const aside = path.join(this.#directory, refusedName, file)
    await this.#files.move(path.join(this.#directory, file), aside)
    this.#refused += 1
    this.#forget(file)
  }

  /** Resolves when one is kept after this call, or when `signal` is aborted. */
  kept(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      signal.addEventListener('abort', wake, { once: true })
      this.#listeners.push(wake)
    })
  }

  #forget(file: string): void {
    this.#waiting = this.#waiting.filter((one) => one.file !== file)
  }
}
