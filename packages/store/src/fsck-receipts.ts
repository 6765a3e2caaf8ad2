/** What the log gives out beside its tiles: receipts, and the checkpoints that witnesses have cosigned. */

import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { continues } from '@sallyport/proof/fork'
import { leafHash, proveInclusion, verifyInclusion } from '@sallyport/proof/merkle'
import { verify } from '@sallyport/proof/node/ed25519'
import {
  readEntryBundle,
  tileAt,
  tileHashReader,
  type TileReader,
  tileWidth,
} from '@sallyport/proof/tiles'

type Add = (code: 'receipt_wrong' | 'checkpoint_contradicts', about: string, detail: string) => void

/** Receipts that are computed: of all entries of a log this long, of as many evenly spaced ones beyond. */
const receiptsMax = 20_000

/** Gives each entry its receipt and checks it as whoever holds it would. */
export async function checkReceipts(
  log: TileReader,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
  add: Add,
  progress: (text: string) => void,
): Promise<{ readonly receipts: number }> {
  const tiles = remembering(log)
  const step = Math.max(1, Math.ceil(size / receiptsMax))
  let receipts = 0
  for (let index = 0; index < size; index += step) {
    const bundle = await readEntryBundle(tiles, tileAt('entries', index, size))
    const entry = bundle[index % tileWidth] ?? new Uint8Array()
    const hashes = await proveInclusion(index, size, tileHashReader(tiles, size))
    if (!verifyInclusion(index, size, leafHash(entry), hashes, root))
      add(
        'receipt_wrong',
        String(index),
        `The receipt of entry ${index} does not lead to the root.`,
      )
    receipts += 1
    if (receipts % 1000 === 0) progress(`receipts: ${receipts}`)
  }
  return { receipts }
}

/** Whether the log continues every checkpoint that was kept beside it. */
export async function checkKeptCheckpoints(
  { log, vkey }: { readonly log: TileReader; readonly vkey: string },
  size: number,
  kept: readonly { readonly name: string; readonly note: Uint8Array }[],
  add: Add,
): Promise<{ readonly keptCheckpoints: number }> {
  for (const { name, note } of kept) {
    const opened = openCheckpoint(note, vkey, verify)
    if (opened.kind === 'refused') {
      add('checkpoint_contradicts', name, opened.detail)
      continue
    }
    const { checkpoint } = opened
    const begins =
      checkpoint.size <= size &&
      (await continues(tileHashReader(log, size), checkpoint.size, checkpoint.root))
    if (!begins)
      add(
        'checkpoint_contradicts',
        name,
        `The log does not begin with its ${checkpoint.size} entries.`,
      )
  }
  return { keptCheckpoints: kept.length }
}

/** Neighbours need the same few tiles. */
function remembering(log: TileReader): TileReader {
  const known = new Map<string, Uint8Array | null>()
  return {
    async read(path) {
      const found = known.get(path)
      if (found !== undefined) return found
      const bytes = await log.read(path)
      if (known.size >= 64) known.clear()
      known.set(path, bytes)
      return bytes
    },
  }
}
