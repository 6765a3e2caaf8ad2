/**
 * A disk in memory whose power can be cut: contents are durable once written and synced, names
 * only once their folder was synced. What was not synced survives or not, as chance says.
 */

import * as path from 'node:path'

import type { DurableFiles } from './durable-files.ts'

type Node = Uint8Array | 'folder'

export class CutDisk {
  readonly #live: Map<string, Node>
  readonly #durable: Map<string, Node>
  #operations = 0
  #cutAfter = Infinity

  constructor(nodes: ReadonlyMap<string, Node> = new Map([['/', 'folder']])) {
    this.#live = new Map(nodes)
    this.#durable = new Map(nodes)
  }

  get operations(): number {
    return this.#operations
  }

  /** From operation `count` + 1 on nothing happens any more: the machine is dark. */
  cutAfter(count: number): void {
    this.#cutAfter = count
  }

  /** The disk that the next start finds. Each unsynced name is the old or the new one by chance. */
  restart(chance: () => number): CutDisk {
    const found = new Map<string, Node>()
    for (const name of new Set([...this.#live.keys(), ...this.#durable.keys()])) {
      const node = (chance() < 0.5 ? this.#live : this.#durable).get(name)
      if (node !== undefined) found.set(name, node)
    }
    for (const name of [...found.keys()].toSorted()) {
      if (name !== '/' && found.get(path.dirname(name)) !== 'folder') found.delete(name)
    }
    return new CutDisk(found)
  }

  files(): DurableFiles {
    const step = () => {
      this.#operations += 1
      if (this.#operations > this.#cutAfter) {
        throw Object.assign(new Error('the power is off'), { syscall: 'power' })
      }
    }
    const folderOf = (name: string) => {
      if (this.#live.get(path.dirname(name)) !== 'folder') throw new Error(`no folder for ${name}`)
    }
    return {
      read: async (name) => {
        const node = this.#live.get(name)
        return node === undefined || node === 'folder' ? null : new Uint8Array(node)
      },
      size: async (name) => {
        const node = this.#live.get(name)
        return node === undefined ? null : node.length
      },
      list: async (folder) => this.#names(folder).map((name) => path.basename(name)),
      write: async (name, bytes) => {
        folderOf(name)
        // Cut in the middle, half of the contents are there.
        if (this.#operations === this.#cutAfter) {
          this.#live.set(name, bytes.slice(0, bytes.length / 2))
        }
        step()
        this.#live.set(name, new Uint8Array(bytes))
      },
      rename: async (from, to) => {
        step()
        folderOf(to)
        const node = this.#live.get(from)
        if (node === undefined) throw new Error(`nothing at ${from}`)
        this.#live.delete(from)
        this.#live.set(to, node)
      },
      makeFolder: async (name) => {
        step()
        folderOf(name)
        this.#live.set(name, 'folder')
      },
      syncFolder: async (folder) => {
        step()
        for (const name of new Set([
          ...this.#names(folder),
          ...this.#names(folder, this.#durable),
        ])) {
          const node = this.#live.get(name)
          if (node === undefined) this.#durable.delete(name)
          else this.#durable.set(name, node)
        }
      },
      remove: async (name) => {
        step()
        for (const one of this.#live.keys()) {
          if (one === name || one.startsWith(`${name}/`)) this.#live.delete(one)
        }
      },
    }
  }

  #names(folder: string, nodes: ReadonlyMap<string, Node> = this.#live): readonly string[] {
    return [...nodes.keys()].filter((name) => name !== '/' && path.dirname(name) === folder)
  }
}
