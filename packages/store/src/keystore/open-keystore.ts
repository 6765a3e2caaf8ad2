/**
 * A keystore in a folder: `keks-<generation>` under the store key in `store-<generation>.key`, which
 * its holder opens. The highest generation with both is the one in force; whatever else lies there is
 * what a crash left, and is erased at the start.
 */

import * as crypto from 'node:crypto'

import { unwrapUnderKek, wrapUnderKek } from '@sallyport/proof/node/kek-header'

import { type Contents, type Retired, sealContents } from './contents.ts'
import { bringUpToDate, leftovers, type Places, writeGeneration } from './folders.ts'
import { readOrBegin } from './keystore-in-force.ts'
import {
  type Destruction,
  type Holder,
  KeystoreError,
  type KekInfo,
  type KekScope,
  type Keystore,
  keystoreLimits,
  type Outstanding,
} from './keystore.ts'
import { nodeSecretFiles, type SecretFiles } from './secret-files.ts'

export type KeystoreOptions = {
  readonly folder: string
  readonly holder: Holder
  /** Whether a keystore may begin here; otherwise a missing one is an error. Default: true. */
  readonly mayBegin?: boolean
  /** Folders that hold a copy, on other disks. None of them holds a root. */
  readonly copies?: readonly string[]
  readonly now: () => Date
  /** Trouble that stops nothing, one line each. */
  readonly report?: (message: string) => void
  readonly files?: SecretFiles
}

/** Opens the keystore in a folder, or makes an empty one. Throws a `KeystoreError`. */
export async function openKeystore(options: KeystoreOptions): Promise<Keystore> {
  const { folder, copies = [], now, report = () => undefined } = options
  const files = options.files ?? nodeSecretFiles
  const places: Places = { files, folder, copies }
  let { holder } = options
  await files.makeFolder(folder)
  let { current, contents } = await readOrBegin(places, holder, options.mayBegin ?? true)
  const newestOf = new Map<string, KekInfo>()
  for (const kek of contents.keks.values()) noteNewest(kek)
  let turn: Promise<unknown> = Promise.resolve()

  function noteNewest(kek: KekInfo): void {
    const before = newestOf.get(scopeName(kek))
    if (before === undefined || before.createdAt <= kek.createdAt) newestOf.set(scopeName(kek), kek)
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  /** In the folder durably, in the copies as far as they can be reached. */
  async function store(next: Contents): Promise<void> {
    const bytes = sealContents(next, current.storeKey, current.generation)
    await writeGeneration(places, current, bytes)
    contents = next
    await copyOut(bytes)
  }

  /** Folders of copies that are not as the keystore is. */
  async function copyOut(bytes: Uint8Array): Promise<ReadonlySet<string>> {
    const behind = new Set<string>()
    for (const copy of copies) {
      try {
        await bringUpToDate(places, copy, current, bytes)
      } catch (error) {
        behind.add(copy)
        report(`keystore: the copy in ${copy} is behind: ${wordsOf(error)}`)
      }
    }
    return behind
  }

  /** Another store key, and `without` out of the keystore; who is outstanding is found out after. */
  async function replace(without: readonly string[], next: Holder): Promise<void> {
    if (contents.retired.length >= keystoreLimits.retiredMax)
      throw new KeystoreError('keystore_full', 'Too many destructions wait for a holder.')
    const storeKey = crypto.randomBytes(32)
    const generation = current.generation + 1
    const held = await next.protect(storeKey, generation)
    const gone = new Set(without)
    const retired: Retired = {
      generation: current.generation,
      holder: current.held.holder,
      reference: current.held.reference,
      requestedAt: now(),
      keks: without,
      outstanding: ['files', ...copies.map((copy) => `copy:${copy}`), current.held.holder].map(
        (name) => ({ holder: name, until: null }),
      ),
    }
    const kept: Contents = {
      keks: new Map([...contents.keks].filter(([id]) => !gone.has(id))),
      retired: [...contents.retired, retired],
    }
    try {
      await writeGeneration(places, { generation, held }, sealContents(kept, storeKey, generation))
    } catch (error) {
      // Not in force, so its holder need not keep it; a start would clear up after it as well.
      await next.retire(held).catch(() => undefined)
      throw error
    }
    current.storeKey.fill(0)
    current = { generation, storeKey, held }
    contents = kept
    newestOf.clear()
    for (const kek of kept.keks.values()) noteNewest(kek)
    holder = next
  }

  async function confirm(): Promise<readonly Destruction[]> {
    const bytes = sealContents(contents, current.storeKey, current.generation)
    const behind = await copyOut(bytes)
    const filesBehind = await clearUp()
    const asked: Retired[] = []
    for (const one of contents.retired) {
      const outstanding: Outstanding[] = []
      for (const { holder: name, until } of one.outstanding) {
        if (name === 'files' ? filesBehind : behind.has(name.replace(/^copy:/, '')))
          outstanding.push({ holder: name, until: null })
        else if (name === one.holder) outstanding.push(...(await retire(one, until)))
      }
      asked.push({ ...one, outstanding })
    }
    // Where only the store key was replaced there is nothing to tell of.
    const left = asked.filter(({ keks, outstanding }) => keks.length + outstanding.length > 0)
    if (JSON.stringify(left) !== JSON.stringify(contents.retired))
      await store({ keks: contents.keks, retired: left })
    return left.filter(({ outstanding }) => outstanding.length === 0)
  }

  async function retire(one: Retired, until: Date | null): Promise<readonly Outstanding[]> {
    // Its keys are the files, which have their own line.
    if (one.holder === 'file') return []
    try {
      const answer = await holderOf(one.holder).retire(one)
      return answer.kind === 'gone' ? [] : [{ holder: one.holder, until: answer.until }]
    } catch (error) {
      report(`keystore: ${one.holder} does not say that it has forgotten: ${wordsOf(error)}`)
      return [{ holder: one.holder, until }]
    }
  }

  function holderOf(kind: string): Holder {
    if (holder.kind === kind) return holder
    if (options.holder.kind === kind) return options.holder
    throw new KeystoreError('other_holder', `The settings name no holder ${kind} any more.`)
  }

  /** Erases every other generation; true when something stays. */
  async function clearUp(): Promise<boolean> {
    try {
      for (const { file, held } of await leftovers(places, current.generation)) {
        // A store key that was never in force: its holder made a key for nothing.
        if (held !== null && held.generation > current.generation)
          await holderOf(held.key.holder).retire(held.key)
        await files.erase(file)
      }
      return false
    } catch (error) {
      report(`keystore: something of before cannot be erased: ${wordsOf(error)}`)
      return true
    }
  }

  await clearUp()
  return {
    list: () => [...contents.keks.values()].map(infoOf),
    stateOf(kek) {
      if (contents.keks.has(kek)) return 'present'
      const retiring = contents.retired.some(
        ({ keks, outstanding }) => outstanding.length > 0 && keks.includes(kek),
      )
      return retiring ? 'retiring' : 'gone'
    },
    newest: (scope) => newestOf.get(scopeName(scope)) ?? null,
    create: (id, scope) =>
      inTurn(async () => {
        if (contents.keks.size >= keystoreLimits.keksMax)
          throw new KeystoreError('keystore_full', 'The keystore holds too many KEKs.')
        if (contents.keks.has(id)) throw new Error('a KEK id is used once')
        const { class: name, day, port, use } = scope
        const info = { id, class: name, day, port, use, createdAt: now() }
        const key = crypto.createSecretKey(crypto.randomBytes(32))
        await store({ ...contents, keks: new Map([...contents.keks, [id, { ...info, key }]]) })
        noteNewest(info)
        return info
      }),
    wrap(kek, fileKey) {
      const found = contents.keks.get(kek)
      if (found === undefined) throw new Error('the caller looked the KEK up')
      return wrapUnderKek(found, fileKey)
    },
    unwrap(kek, header) {
      const found = contents.keks.get(kek)
      return found === undefined ? null : unwrapUnderKek(header, found)
    },
    destroy: (ids) =>
      inTurn(async () => {
        const present = ids.filter((id) => contents.keks.has(id))
        const requestedAt = now()
        if (present.length > 0) {
          await replace(present, holder)
          await confirm().catch((error: unknown) => {
            report(`keystore: what was destroyed is not confirmed yet: ${wordsOf(error)}`)
          })
        }
        const waiting = contents.retired.filter(({ keks }) => keks.some((id) => ids.includes(id)))
        return {
          keks: ids,
          requestedAt: waiting[0]?.requestedAt ?? requestedAt,
          outstanding: waiting.flatMap(({ outstanding }) => outstanding),
        }
      }),
    confirm: () => inTurn(confirm),
    settle: (effective) =>
      inTurn(async () => {
        const told = new Set(effective.flatMap(({ keks }) => keks))
        const left = contents.retired.filter(
          ({ keks, outstanding }) => outstanding.length > 0 || !keks.every((id) => told.has(id)),
        )
        if (left.length < contents.retired.length)
          await store({ keks: contents.keks, retired: left })
      }),
    status: () => ({
      generation: current.generation,
      holder: current.held.holder,
      reference: current.held.reference,
      keks: contents.keks.size,
      pending: contents.retired,
    }),
    rotate: (next) =>
      inTurn(async () => {
        await replace([], next)
        await confirm()
      }),
    async close() {
      await turn
    },
  }
}

function scopeName({ class: name, day, port, use }: KekScope): string {
  return `${port}/${day}/${name}/${use}`
}

function infoOf({ id, class: name, day, port, use, createdAt }: KekInfo): KekInfo {
  return { id, class: name, day, port, use, createdAt }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
