/**
 * The agency's log in a folder: C2SP tlog-tiles, one writer. An append resolves once entry, hashes
 * and a signed checkpoint over them are on the disk; everything that waits is written as one batch.
 *
 * Order of one batch, each step durable before the next: tiles beyond the checkpoint, their names,
 * the checkpoint. So whatever happens, the checkpoint on disk is covered by tiles on disk.
 */

import * as path from 'node:path'

import { fromUtf8, utf8 } from '@sallyport/proof/bytes'
import { openCheckpoint, signCheckpoint } from '@sallyport/proof/checkpoint'
import { limits } from '@sallyport/proof/limits'
import { leafHash, proveInclusion, verifyInclusion } from '@sallyport/proof/merkle'
import { verify } from '@sallyport/proof/node/ed25519'
import type { NoteSigner } from '@sallyport/proof/note'
import {
  TileError,
  type TileReader,
  checkpointPath,
  isCovered,
  parseTilePath,
  readEntryBundle,
  tileAt,
  tileHashReader,
  tileWidth,
} from '@sallyport/proof/tiles'
import { formatProof } from '@sallyport/proof/tlog-proof'
import { type TreeEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'

import { type DurableFiles, nodeFiles } from './durable-files.ts'
import { folderTiles } from './folder-tiles.ts'
import { loadOrBegin } from './load-log.ts'
import { LogError, asFailure } from './log-error.ts'
import { TileFolder } from './tile-folder.ts'

export const logLimits = {
  /** Entries in one batch: bounds the memory and time of a commit. */
  batchMax: 4096,
  /** Appends that may wait; more are refused with `log_busy`. */
  waitingMax: 65_536,
} as const

export type LogOptions = {
  /** `<data>/log`; made when it is not there. Owned by one process: its owner locks it. */
  readonly directory: string
  /** The log's name in checkpoints, and the signer's. Never changes. */
  readonly origin: string
  readonly signer: NoteSigner
  /** The log must hold at least as many entries: what the owner's rows refer to. */
  readonly sizeMin?: number
  readonly files?: DurableFiles
}

type Waiting = {
  readonly entry: Uint8Array
  readonly resolve: (appended: { readonly index: number }) => void
  readonly reject: (error: unknown) => void
}

type Signed = {
  readonly note: string
  readonly edge: TreeEdge
  readonly superseded: readonly string[]
}

/**
 * Opens the log of a folder, or begins one. Throws `LogError`: `log_damaged` when a file that the
 * checkpoint needs is missing or wrong (`file` names it), `wrong_key`, `log_rolled_back`.
 * Files beyond the checkpoint are harmless: they were never acknowledged and are written over.
 */
export async function openLog(options: LogOptions): Promise<LogWriter> {
  const { directory, origin, signer, files = nodeFiles } = options
  if (signer.name !== origin) throw new Error('the signer is named after the origin')
  const folder = new TileFolder(directory, files)
  const { note, edge } = await loadOrBegin(directory, folder, files, signer)
  if (edge.size < (options.sizeMin ?? 0)) {
    throw new LogError(
      'log_rolled_back',
      `The log has ${edge.size} entries; at least ${options.sizeMin} were acknowledged.`,
      { file: checkpointPath },
    )
  }
  return new LogWriter({ directory, signer, folder, files, note, edge })
}

export class LogWriter {
  readonly #directory: string
  readonly #signer: NoteSigner
  readonly #folder: TileFolder
  readonly #files: DurableFiles
  readonly #tiles: TileReader
  /** The last published checkpoint and its tree. Replaced together, and only by a longer one. */
  #note: string
  #edge: TreeEdge
  /**
   * Signed but not known to be published: its publication failed. It is finished before anything
   * else, because signing another tree of that size would be a fork.
   */
  #signed: Signed | null = null
  readonly #waiting: Waiting[] = []
  /** The running drain, or the last one. Never rejects. */
  #draining: Promise<void> | null = null
  #closed = false

  constructor(parts: {
    readonly directory: string
    readonly signer: NoteSigner
    readonly folder: TileFolder
    readonly files: DurableFiles
    readonly note: string
    readonly edge: TreeEdge
  }) {
    this.#directory = parts.directory
    this.#signer = parts.signer
    this.#folder = parts.folder
    this.#files = parts.files
    this.#tiles = folderTiles(parts.directory, parts.files)
    this.#note = parts.note
    this.#edge = parts.edge
  }

  /** Durable entries. Never decreases. */
  get size(): number {
    return this.#edge.size
  }

  /** The log's public key as `<origin>+<key id>+<base64>`. */
  get vkey(): string {
    return this.#signer.vkey
  }

  /**
   * The log's resources for publishing: the checkpoint and the tiles it covers. A tile beyond it is
   * null even where its file exists, because a failed batch leaves files that may still change.
   */
  readonly published: TileReader = {
    read: async (resource) => {
      if (resource === checkpointPath) return utf8(this.#note)
      const tile = parseTilePath(resource)
      return tile !== null && isCovered(tile, this.size) ? this.#tiles.read(resource) : null
    },
  }

  /** The current signed checkpoint. */
  checkpoint(): string {
    return this.#note
  }

  /**
   * Appends one entry of 1 to 65,535 bytes; resolves with its index once it is durable under a
   * signed checkpoint. Rejects with `LogError`; a rejected entry may still turn up in the log when
   * the disk failed after its tree was signed, never half.
   */
  append(entry: Uint8Array): Promise<{ readonly index: number }> {
    if (entry.length === 0 || entry.length > limits.entryMax) {
      return Promise.reject(
        new LogError('entry_too_large', `An entry has 1 to ${limits.entryMax} bytes.`),
      )
    }
    if (this.#closed) return Promise.reject(new LogError('log_closed', 'The log is closed.'))
    if (this.#waiting.length >= logLimits.waitingMax) {
      return Promise.reject(new LogError('log_busy', 'Too many appends are waiting.'))
    }
    return new Promise((resolve, reject) => {
      // A copy: the caller's array may change while it waits. (`slice` of a Buffer would share it.)
      this.#waiting.push({ entry: new Uint8Array(entry), resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  /** The receipt of an entry against the current checkpoint, as tlog-proof text. */
  async receipt(index: number): Promise<string> {
    const { size } = this.#edge
    const note = this.#note
    this.#assertIndex(index, size)
    const opened = openCheckpoint(note, this.#signer.vkey, verify)
    if (opened.kind === 'refused') throw new Error(opened.detail)
    const entry = await this.#readEntry(index, size)
    const hashes = await this.#tileRead(
      proveInclusion(index, size, tileHashReader(this.#tiles, size)),
    )
    // Tiles may rot under a running process; a receipt that does not verify is never given out.
    if (!verifyInclusion(index, size, leafHash(entry), hashes, opened.checkpoint.root)) {
      throw new LogError('log_damaged', `Entry ${index} does not lead to the checkpoint.`)
    }
    return formatProof({ index, hashes, extra: null, checkpoint: note })
  }

  /** The bytes of a durable entry. */
  async readEntry(index: number): Promise<Uint8Array> {
    const { size } = this.#edge
    this.#assertIndex(index, size)
    return this.#readEntry(index, size)
  }

  /**
   * Publishes a tree that was signed although its append failed, so that `size` counts its entries.
   * Rejects when the disk still refuses.
   */
  async settle(): Promise<void> {
    while (this.#draining !== null) await this.#draining
    if (this.#signed === null) return
    const publishing = this.#publish(this.#signed)
    this.#draining = publishing
      .catch(() => undefined)
      .then(() => {
        this.#draining = this.#waiting.length > 0 ? this.#drain() : null
      })
    await publishing
  }

  /** Finishes what waits, then refuses further appends. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#draining
  }

  async #drain(): Promise<void> {
    // Lets everything of this turn of the event loop join the first batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, logLimits.batchMax)
      try {
        const first = await this.#commit(batch.map(({ entry }) => entry))
        batch.forEach(({ resolve }, at) => resolve({ index: first + at }))
      } catch (error) {
        const failure = asFailure(error)
        for (const { reject } of batch) reject(failure)
        if (failure instanceof LogError && failure.code === 'log_forked') this.#refuseAll(failure)
      }
    }
    this.#draining = null
  }

  /** Index of the first of `entries`, once all are durable. */
  async #commit(entries: readonly Uint8Array[]): Promise<number> {
    if (this.#signed !== null) await this.#publish(this.#signed)
    const first = this.#edge.size
    const { edge, files, superseded } = growEdge(this.#edge, entries)
    await this.#folder.writeTiles(files)
    const checkpoint = { origin: this.#signer.name, size: edge.size, root: rootOf(edge) }
    this.#signed = { note: signCheckpoint(checkpoint, this.#signer), edge, superseded }
    await this.#publish(this.#signed)
    return first
  }

  async #publish(signed: Signed): Promise<void> {
    const found = await this.#files.read(path.join(this.#directory, checkpointPath))
    const text = found === null ? null : fromUtf8(found)
    // After a failure it is open whether the rename took place, so the signed note is ours too.
    if (text !== this.#note && text !== signed.note) {
      throw new LogError('log_forked', 'Another process wrote the checkpoint.', {
        file: checkpointPath,
      })
    }
    await this.#folder.publish(checkpointPath, utf8(signed.note))
    this.#note = signed.note
    this.#edge = signed.edge
    this.#signed = null
    await this.#folder.removeSuperseded(signed.superseded)
  }

  #refuseAll(failure: LogError): void {
    this.#closed = true
    for (const { reject } of this.#waiting.splice(0)) reject(failure)
  }

  #assertIndex(index: number, size: number): void {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`the log has ${size} entries, none at ${index}`)
    }
  }

  async #readEntry(index: number, size: number): Promise<Uint8Array> {
    const bundle = tileAt('entries', index, size)
    const entries = await this.#tileRead(readEntryBundle(this.#tiles, bundle))
    const entry = entries[index % tileWidth]
    if (entry === undefined) throw new LogError('log_damaged', `Entry ${index} is missing.`)
    return new Uint8Array(entry)
  }

  async #tileRead<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading
    } catch (error) {
      if (!(error instanceof TileError)) throw error
      throw new LogError('log_damaged', error.message, { file: error.path, cause: error })
    }
  }
}
