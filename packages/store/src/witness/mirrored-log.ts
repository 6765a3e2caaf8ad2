/**
 * One log as a mirror has it: tiles on the disk, the checkpoint that the mirror cosigned, and what
 * lies beyond it because it was shown to belong to a later one. The checkpoint is written last.
 */

import * as path from 'node:path'

import { equal, utf8 } from '@sallyport/proof/bytes'
import type { NoteKey } from '@sallyport/proof/note'
import {
  checkpointPath,
  readEntryBundle,
  tileAt,
  tilePath,
  type TileReader,
  tileWidth,
} from '@sallyport/proof/tiles'
import { type Cosigner, cosign } from '@sallyport/proof/tlog-cosignature'
import {
  edgeFiles,
  emptyEdge,
  growEdge,
  loadEdge,
  rootOf,
  type TreeEdge,
} from '@sallyport/proof/tree-edge'
import { addSignatures } from '@sallyport/proof/witnessed'

import type { DurableFiles } from '../log/durable-files.ts'
import { folderTiles } from '../log/folder-tiles.ts'
import { TileFolder } from '../log/tile-folder.ts'
import { type CosignedTree, readCosigned, WitnessDamaged } from './witness-directory.ts'

/** Bundles that are written at once when the tree is grown from what lies there. */
const bundlesAtOnce = 16

export type MirroredLogOptions = {
  readonly directory: string
  readonly keys: readonly NoteKey[]
  /** The mirror's own keys. */
  readonly cosigners: readonly Cosigner[]
  readonly files: DurableFiles
}

/** Opens the copy in `directory`, or begins one. Throws `WitnessDamaged` or `TileError`, naming the file. */
export async function openMirroredLog(options: MirroredLogOptions): Promise<MirroredLog> {
  const { directory, keys, cosigners, files } = options
  const folder = new TileFolder(directory, files)
  await folder.prepare()
  const reader = folderTiles(directory, files)
  const bytes = await reader.read(checkpointPath)
  const file = path.join(directory, checkpointPath)
  const signed = bytes === null ? null : readCosigned(bytes, keys, cosigners)
  if (typeof signed === 'string') throw new WitnessDamaged(file, signed)
  const edge = signed === null ? emptyEdge : await loadEdge(reader, signed.size, signed.root)
  const log = new MirroredLog(options, folder, reader, signed, edge)
  await log.takeUp()
  return log
}

export class MirroredLog {
  readonly reader: TileReader
  readonly #options: MirroredLogOptions
  readonly #folder: TileFolder
  #signed: CosignedTree | null
  #signedEdge: TreeEdge
  #edge: TreeEdge
  /** The last change of the files, done or not. Never rejects. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(
    options: MirroredLogOptions,
    folder: TileFolder,
    reader: TileReader,
    signed: CosignedTree | null,
    edge: TreeEdge,
  ) {
    this.#options = options
    this.#folder = folder
    this.reader = reader
    this.#signed = signed
    this.#signedEdge = edge
    this.#edge = edge
  }

  /** The first entry that is not here. */
  get next(): number {
    return this.#edge.size
  }

  /** Of the checkpoint that the mirror cosigned; -1 before the first. */
  get signedSize(): number {
    return this.#signed?.size ?? -1
  }

  /** Goes on from whole bundles that an end left behind the checkpoint: each was shown to belong there. */
  async takeUp(): Promise<void> {
    const { directory, files } = this.#options
    let size = this.#edge.size
    const isThere = async (at: number) => {
      const index = Math.floor(at / tileWidth)
      const bundle = tilePath({ level: 'entries', index, width: tileWidth })
      return (await files.size(path.join(directory, bundle))) !== null
    }
    while (await isThere(size)) size = (Math.floor(size / tileWidth) + 1) * tileWidth
    if (size === this.#edge.size) return
    const read = (at: number) => readEntryBundle(this.reader, tileAt('entries', at, size))
    // One that is damaged is sent again, with all behind it.
    this.#edge = await this.#grown(this.#edge, size, read).catch(() => this.#signedEdge)
  }

  /** The entries `from` to `to` of one bundle, `to` exclusive and not beyond `next`. */
  async entries(from: number, to: number): Promise<readonly Uint8Array[]> {
    const edge = this.#edge
    const base = from - (from % tileWidth)
    if (from === to) return []
    const bundle =
      base + tileWidth > edge.size
        ? edge.entries
        : await readEntryBundle(this.reader, tileAt('entries', from, edge.size))
    return bundle.slice(from - base, to - base)
  }

  /** Keeps entries from `start` on that were shown to belong to a tree; those that are here are passed over. */
  save(start: number, entries: readonly Uint8Array[]): Promise<void> {
    return this.#inTurn(async () => {
      const edge = this.#edge
      if (start > edge.size) throw new Error('entries were saved before those ahead of them')
      const growth = growEdge(edge, entries.slice(edge.size - start))
      // Partial tiles belong to checkpoints: none is signed here.
      await this.#folder.writeTiles(growth.files.filter(({ path: name }) => !name.includes('.p/')))
      await this.#folder.removeSuperseded(growth.superseded)
      this.#edge = growth.edge
    })
  }

  /**
   * Cosigns `tree` once everything in it is here and durable. Answers the signature lines, or null
   * when the mirror is further already. Throws when what is here does not have its root.
   */
  commit(tree: CosignedTree, now: Date): Promise<string | null> {
    return this.#inTurn(async () => {
      if (tree.size < this.signedSize) return null
      if (tree.size > this.#edge.size) throw new Error('a tree is signed before it is here')
      const edge =
        tree.size === this.#edge.size
          ? this.#edge
          : await this.#grown(this.#signedEdge, tree.size, (at) =>
              this.entries(at, Math.min(at + tileWidth, tree.size)),
            )
      if (!equal(rootOf(edge), tree.root)) {
        this.#edge = this.#signedEdge
        throw new Error(`what is here of ${tree.size} entries does not have their root`)
      }
      await this.#folder.writeTiles(edgeFiles(edge))
      const text = tree.note.slice(0, tree.note.lastIndexOf('\n\n') + 1)
      const time = Math.floor(now.getTime() / 1000)
      const lines = this.#options.cosigners.map((one) => cosign(text, one, time)).join('')
      const note = addSignatures(tree.note, lines)
      await this.#folder.publish(checkpointPath, utf8(note))
      this.#signed = { ...tree, note }
      this.#signedEdge = edge
      return lines
    })
  }

  /** The tree of `size` entries that lie here, grown from an earlier one; writes what of it is missing. */
  async #grown(
    begin: TreeEdge,
    size: number,
    readBundle: (at: number) => Promise<readonly Uint8Array[]>,
  ): Promise<TreeEdge> {
    const { directory, files } = this.#options
    let edge = begin
    while (edge.size < size) {
      const from = edge.size - (edge.size % tileWidth)
      const until = Math.min(from + bundlesAtOnce * tileWidth, size)
      const added: Uint8Array[] = []
      for (let at = from; at < until; at += tileWidth) added.push(...(await readBundle(at)))
      const growth = growEdge(edge, added.slice(edge.size - from))
      const missing = []
      for (const one of growth.files) {
        if (one.path.includes('.p/')) continue
        const there = await files.read(path.join(directory, one.path))
        if (there === null || !equal(there, one.bytes)) missing.push(one)
      }
      await this.#folder.writeTiles(missing)
      edge = growth.edge
    }
    return edge
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}
