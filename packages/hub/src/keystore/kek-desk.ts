/**
 * Every use of KEKs in the hub: made when first needed and destroyed when asked, each with its log
 * entry before it happens (DESIGN: log first, then act).
 */

import { randomBytes } from 'node:crypto'

import {
  appendPayload,
  fileKeyBytes,
  type Opened,
  openBody,
} from '@sallyport/proof/node/age-payload'
import { type SplitSeal, splitSeal } from '@sallyport/proof/seal-format'
import type { Destruction, KekScope, Keystore } from '@sallyport/store/keystore/keystore'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { reportWords } from '../report-words.ts'

export type KekDesk = {
  readonly keystore: Keystore
  /** The id of the KEK that new seals of a scope go under; made and logged where there is none. */
  kekFor(scope: KekScope): Promise<string>
  /** Another KEK for a scope, which takes the place of those before it. */
  freshKek(scope: KekScope): Promise<string>
  /** Seals what the hub itself keeps. */
  seal(kek: string, plaintext: Uint8Array): SplitSeal
  /** Opens a stored seal with the KEK that its row names. */
  open(kek: string, seal: SplitSeal): Opened | { readonly kind: 'gone' }
  /**
   * The same file key under another KEK; the body stays. Null when it does not open under `from`:
   * the KEK is gone, or the header was changed.
   */
  rewrap(header: Uint8Array, from: string, to: string): Uint8Array | null
  /**
   * Destroys KEKs: requested in the log, then done. Effective for the log as soon as every holder has
   * confirmed, which `upkeep` finds out when it is not at once; `keystore.stateOf` says so as well.
   */
  destroy(keks: readonly string[]): Promise<Destruction>
  /** Asks holders that have not confirmed, and logs what became effective. */
  upkeep(): Promise<void>
}

export function createKekDesk(context: {
  readonly keystore: Keystore
  readonly journal: Pick<Journal, 'append'>
  readonly now: () => Date
  readonly report: (message: string) => void
}): KekDesk {
  const { keystore, journal, now, report } = context
  /** Makings under way: bundles that come together at midnight must not make a KEK each. */
  const making = new Map<string, Promise<string>>()

  async function make(scope: KekScope): Promise<string> {
    const { class: name, day, port, use } = scope
    const kek = newId()
    const at = now().toISOString()
    await journal.append({ v: 1, at, kind: 'kek_created', kek, class: name, day, port, use })
    await keystore.create(kek, scope)
    return kek
  }

  /** Logs what became effective. A crash before `settle` logs it once more at the next start. */
  async function confirm(): Promise<void> {
    const effective = await keystore.confirm()
    for (const kek of effective.flatMap(({ keks }) => keks))
      await journal.append({ v: 1, at: now().toISOString(), kind: 'kek_destroyed', kek })
    if (effective.length > 0) await keystore.settle(effective)
  }

  return {
    keystore,
    kekFor(scope) {
      const found = keystore.newest(scope)
      if (found !== null) return Promise.resolve(found.id)
      const key = JSON.stringify([scope.port, scope.day, scope.class, scope.use])
      const mine = making.get(key) ?? make(scope).finally(() => making.delete(key))
      making.set(key, mine)
      return mine
    },
    freshKek: make,
    seal(kek, plaintext) {
      const fileKey = randomBytes(fileKeyBytes)
      const header = keystore.wrap(kek, fileKey)
      const sealed = splitSeal(appendPayload(header, fileKey, plaintext, randomBytes))
      if (sealed === null) throw new Error('a seal of ours has a header')
      return sealed
    },
    open(kek, { header, body }) {
      const unwrapped = keystore.unwrap(kek, header)
      if (unwrapped === null) return { kind: 'gone' }
      return unwrapped.kind === 'refused' ? unwrapped : openBody(unwrapped.fileKey, body)
    },
    rewrap(header, from, to) {
      const unwrapped = keystore.unwrap(from, header)
      return unwrapped?.kind === 'unwrapped' ? keystore.wrap(to, unwrapped.fileKey) : null
    },
    async destroy(keks) {
      const at = now().toISOString()
      for (const kek of keks)
        if (keystore.stateOf(kek) === 'present')
          await journal.append({ v: 1, at, kind: 'kek_destruction_requested', kek })
      const destruction = await keystore.destroy(keks)
      await confirm().catch((error: unknown) =>
        report(`keystore: a destruction is not logged as effective yet: ${reportWords(error)}`),
      )
      return destruction
    },
    upkeep: confirm,
  }
}
