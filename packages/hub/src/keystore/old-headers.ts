/**
 * What a hub of before stored under its epochs goes under KEKs, page by page. A page is one
 * transaction and names the header it replaces: killed anywhere, the next start goes on from there.
 */

import { setImmediate } from 'node:timers/promises'

import { unwrapFileKey } from '@sallyport/proof/node/seal'
import type { Db } from '@sallyport/store/postgres/database'
import {
  capturesUnderEpoch,
  labelSetsUnderEpoch,
  replaceHeaders,
  type RewrappedHeader,
  type UnderEpoch,
} from '@sallyport/store/stored-headers'

import type { EpochKeys } from '../epoch-keys.ts'
import { limits } from '../limits.ts'
import { reportWords } from '../report-words.ts'
import type { KekDesk } from './kek-desk.ts'

type Context = {
  readonly db: Db
  readonly epochs: EpochKeys
  readonly keks: KekDesk
  readonly port: { readonly id: string }
  readonly report: (message: string) => void
}

export type OldHeaders = {
  readonly rewrapped: number
  /** No identity of ours opens these: they stay as they are, and open for nobody. */
  readonly left: number
}

/** Re-wraps all of them, of one UTC day when it is given, until `signal` is aborted. */
export async function rewrapOldHeaders(
  context: Context,
  signal: AbortSignal,
  day: string | null = null,
): Promise<OldHeaders> {
  const { db } = context
  let rewrapped = 0
  let left = 0
  const take = async (found: readonly UnderEpoch[]) => {
    const replaced = await underKeks(found, context)
    await replaceHeaders(db, replaced)
    rewrapped += replaced.length
    left += found.length - replaced.length
  }
  const sets = await labelSetsUnderEpoch(db)
  await take(sets.filter((one) => day === null || one.day === day))
  let after: UnderEpoch | null = null
  while (!signal.aborted) {
    const found: readonly UnderEpoch[] = await capturesUnderEpoch(db, {
      day,
      after,
      limit: limits.oldHeadersPage,
    })
    after = found.at(-1) ?? null
    if (after === null) break
    await take(found)
    // Bundles and people come first.
    await setImmediate()
  }
  return { rewrapped, left }
}

/** Starts it in the background; the function returned ends it and waits. */
export function startOldHeaders(context: Context): () => Promise<void> {
  const ending = new AbortController()
  const running = rewrapOldHeaders(context, ending.signal)
    .then(({ rewrapped, left }) => {
      if (rewrapped > 0)
        context.report(`keystore: ${rewrapped} headers of before are under KEKs now`)
      if (left > 0)
        context.report(`keystore: ${left} headers of before open with no key that is here`)
    })
    .catch((error: unknown) =>
      context.report(`keystore: headers of before wait for the next start: ${reportWords(error)}`),
    )
  return async () => {
    ending.abort()
    await running
  }
}

async function underKeks(
  found: readonly UnderEpoch[],
  { epochs, keks, port }: Context,
): Promise<readonly RewrappedHeader[]> {
  const replaced: RewrappedHeader[] = []
  for (const { table, id, receivedAt, class: name, day, header } of found) {
    const identity = await epochs.identityOfDay(day)
    const unwrapped = identity === null ? null : unwrapFileKey(header, identity)
    if (unwrapped?.kind !== 'unwrapped') continue
    const kek = await keks.kekFor({ class: name, day, port: port.id, use: 'day' })
    const wrapped = keks.keystore.wrap(kek, unwrapped.fileKey)
    replaced.push({ table, id, receivedAt, before: header, header: wrapped, kek })
  }
  return replaced
}
