/**
 * A copy of a log that checks while it copies. Hash tiles are computed here from the entries and
 * not taken over, so a copy continues itself by construction; its checkpoint is written last, once
 * the computed root is the signed one. What an interruption leaves is used by the next run.
 */

import { equal, fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import { type Refused, refuse } from '@sallyport/proof/refusal'
import {
  TileError,
  type TileReader,
  checkpointPath,
  readEntryBundle,
  tileAt,
  tilePath,
  tileWidth,
} from '@sallyport/proof/tiles'
import { type Cosigner, cosign } from '@sallyport/proof/tlog-cosignature'
import {
  type TreeEdge,
  edgeFiles,
  emptyEdge,
  growEdge,
  loadEdge,
  rootOf,
} from '@sallyport/proof/tree-edge'
import { addSignatures } from '@sallyport/proof/witnessed'

import { type DurableFiles, nodeFiles } from './durable-files.ts'
import { folderTiles } from './folder-tiles.ts'
import { TileFolder } from './tile-folder.ts'

export const mirrorLimits = {
  /** Bundles fetched at once, and written as one batch. */
  bundlesAtOnce: 16,
} as const

export type MirrorRefusal =
  | 'no_checkpoint'
  | 'bad_checkpoint'
  /** The log has fewer entries than this copy: it was rolled back. */
  | 'rolled_back'
  /** The log does not continue this copy: two histories. */
  | 'forked'
  /** What the log serves does not lead to the root that it signed. */
  | 'not_what_was_signed'
  /** This copy is not what it was when it was made. */
  | 'copy_damaged'

export type Mirrored =
  | {
      readonly kind: 'mirrored'
      readonly size: number
      readonly root: Uint8Array
      readonly added: number
    }
  /** `evidence`: two signed checkpoints that contradict each other, ours first. */
  | (Refused<MirrorRefusal> & { readonly evidence?: readonly [string, string] })

export type MirrorOptions = {
  /** The log that is copied. Its failures throw: they say nothing about the log. */
  readonly from: TileReader
  readonly vkey: string
  /** The copy; made when it is not there. Owned by one process: its owner locks it. */
  readonly directory: string
  /** c2sp.org/tlog-mirror: says that the copy holds everything up to the checkpoint. */
  readonly cosigner?: Cosigner
  readonly now?: () => Date
  readonly files?: DurableFiles
  readonly progress?: (done: { readonly entries: number; readonly size: number }) => void
}

/** Brings the copy up to the log's checkpoint. Throws when disk or network fail; run it again then. */
export async function mirrorLog(options: MirrorOptions): Promise<Mirrored> {
  const { from, vkey, directory, files = nodeFiles } = options
  const bytes = await from.read(checkpointPath)
  const note = bytes === null ? null : fromUtf8(bytes)
  if (note === null) return refuse('no_checkpoint', 'The log has no checkpoint.')
  const opened = openCheckpoint(note, vkey, verify)
  if (opened.kind === 'refused') return refuse('bad_checkpoint', opened.detail)
  const { size, root } = opened.checkpoint

  const copy = await openCopy(directory, vkey, files)
  if (copy.kind === 'refused') return copy
  const ours = copy.edge.size
  if (size < ours) {
    const detail = `The log shows ${size} entries; this copy has ${ours} that it signed.`
    return { ...refuse('rolled_back', detail), evidence: [copy.note, note] }
  }
  if (size === ours && ours > 0 && !equal(rootOf(copy.edge), root)) {
    const detail = `The log signed two trees of ${size} entries.`
    return { ...refuse('forked', detail), evidence: [copy.note, note] }
  }
  const folder = new TileFolder(directory, files)
  const copying = { ...options, files, folder, size }
  let edge = await copyEntries(copying, copy.edge, true)
  // A bundle left by an earlier run may be of another history: the log's own decides.
  if (!equal(rootOf(edge), root)) edge = await copyEntries(copying, copy.edge, false)
  if (!equal(rootOf(edge), root)) {
    if (ours === 0) return refuse('not_what_was_signed', 'Its entries do not have its root.')
    const detail = `What it serves beyond entry ${ours} does not continue this copy to its root.`
    return { ...refuse('forked', detail), evidence: [copy.note, note] }
  }
  await folder.publish(checkpointPath, utf8(cosigned(note, options)))
  await folder.publish('vkey', utf8(`${vkey}\n`))
  return { kind: 'mirrored', size, root, added: size - ours }
}

type Copy =
  | { readonly kind: 'copy'; readonly note: string; readonly edge: TreeEdge }
  | Refused<'copy_damaged'>

async function openCopy(directory: string, vkey: string, files: DurableFiles): Promise<Copy> {
  await new TileFolder(directory, files).prepare()
  const reader = folderTiles(directory, files)
  const bytes = await reader.read(checkpointPath)
  if (bytes === null) return { kind: 'copy', note: '', edge: emptyEdge }
  const opened = openCheckpoint(bytes, vkey, verify)
  if (opened.kind === 'refused') return refuse('copy_damaged', `Its checkpoint: ${opened.detail}`)
  const { size, root } = opened.checkpoint
  try {
    const edge = await loadEdge(reader, size, root)
    return { kind: 'copy', note: fromUtf8(bytes) ?? '', edge }
  } catch (error) {
    if (error instanceof TileError) return refuse('copy_damaged', error.message)
    throw error
  }
}

/** Writes what lies between `edge` and the log's size; the edge that this makes. */
async function copyEntries(
  options: MirrorOptions & {
    readonly files: DurableFiles
    readonly folder: TileFolder
    readonly size: number
  },
  begin: TreeEdge,
  mayReuse: boolean,
): Promise<TreeEdge> {
  const { size, folder, progress } = options
  let edge = begin
  while (edge.size < size) {
    const first = Math.floor(edge.size / tileWidth)
    const last = Math.min(first + mirrorLimits.bundlesAtOnce, Math.ceil(size / tileWidth))
    const bundles = await Promise.all(
      Array.from({ length: last - first }, (_, at) => readBundle(options, first + at, mayReuse)),
    )
    const growth = growEdge(edge, bundles.flat().slice(edge.size - first * tileWidth))
    // Partial tiles on the way belong to no checkpoint; those of the last tree are all needed, also
    // of levels that the last batch did not touch.
    const full = growth.files.filter(({ path }) => !path.includes('.p/'))
    const isLast = growth.edge.size === size
    await folder.writeTiles(isLast ? [...full, ...edgeFiles(growth.edge)] : full)
    await folder.removeSuperseded(growth.superseded)
    edge = growth.edge
    progress?.({ entries: edge.size, size })
  }
  return edge
}

async function readBundle(
  { from, directory, files, size }: Parameters<typeof copyEntries>[0],
  index: number,
  mayReuse: boolean,
): Promise<readonly Uint8Array[]> {
  const tile = tileAt('entries', index * tileWidth, size)
  const local = folderTiles(directory, files)
  if (mayReuse && tile.width === tileWidth && (await local.read(tilePath(tile))) !== null) {
    const reused = await readEntryBundle(local, tile).catch(() => null)
    if (reused !== null) return reused
  }
  return readEntryBundle(from, tile)
}

function cosigned(note: string, { cosigner, now = () => new Date() }: MirrorOptions): string {
  if (cosigner === undefined) return note
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1)
  return addSignatures(note, cosign(text, cosigner, Math.floor(now().getTime() / 1000)))
}
