/**
 * A crossing as it was in 2019: a model for the replay alone, which no lane and no hub knows. Each lane has
 * a recorder that keeps pictures in clear, one file a day. Nothing is sealed, nothing is logged, no
 * part asks who somebody is. Whoever opens the enclosure copies files, and nobody hears of it.
 */

import { appendFile, cp, mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import { laneIds, type PlannedCrossing } from './plan.ts'
import { isReadable } from './thief.ts'

export type LegacyTotals = {
  /** Pictures on the recorders. */
  readonly recorded: number
  /** Files and bytes that ended outside the agency. */
  readonly files: number
  readonly bytes: number
  /** Pictures in the dump that decode. */
  readonly readable: number
}

export type Legacy = {
  /** The recorder of the lane takes pictures of a crossing. */
  record(crossing: PlannedCrossing, pictures: readonly Uint8Array[]): void
  /** The technician of a work order copies what the recorders have. */
  visit(): Promise<void>
  /** The drive is carried to the company, whose network is broken into; the dump is counted. */
  end(): Promise<LegacyTotals>
}

/** Opens the model in an empty directory. */
export async function openLegacy(directory: string): Promise<Legacy> {
  const recorders = path.join(directory, 'recorders')
  const drive = path.join(directory, 'usb-drive')
  const company = path.join(directory, 'company-network')
  const dump = path.join(directory, 'dump')
  for (const lane of laneIds) await mkdir(path.join(recorders, lane), { recursive: true })
  let recorded = 0
  const waiting = new Map<string, Uint8Array[]>()

  async function write(): Promise<void> {
    for (const [file, parts] of waiting) await appendFile(file, Buffer.concat(parts))
    waiting.clear()
  }

  return {
    record({ lane, day }, pictures) {
      const file = path.join(
        recorders,
        laneIds[lane] ?? '',
        `day-${String(day).padStart(2, '0')}.rec`,
      )
      const parts = waiting.get(file) ?? []
      for (const picture of pictures) {
        const head = Buffer.alloc(4)
        head.writeUInt32BE(picture.length)
        parts.push(head, picture)
        recorded += 1
      }
      waiting.set(file, parts)
    },
    async visit() {
      await write()
      await cp(recorders, drive, { recursive: true })
    },
    async end() {
      await write()
      await cp(drive, company, { recursive: true })
      await cp(company, dump, { recursive: true })
      return { recorded, ...(await countDump(dump)) }
    },
  }
}

async function countDump(dump: string): Promise<Omit<LegacyTotals, 'recorded'>> {
  const totals = { files: 0, bytes: 0, readable: 0 }
  for (const name of await readdir(dump, { recursive: true })) {
    if (!name.endsWith('.rec')) continue
    const file = await readFile(path.join(dump, name))
    totals.files += 1
    totals.bytes += file.length
    for (let at = 0; at + 4 <= file.length;) {
      const length = file.readUInt32BE(at)
      if (await isReadable(file.subarray(at + 4, at + 4 + length))) totals.readable += 1
      at += 4 + length
    }
  }
  return totals
}
