/** A stored picture in memory. Whoever calls this has its entry in the log already (DESIGN invariant 3). */

import { openSeal } from '@sallyport/proof/node/seal'
import type { CaptureRow } from '@sallyport/store/crossings'
import type { Db } from '@sallyport/store/postgres/database'
import { placeOfCapture, readBody } from '@sallyport/store/vault/placed'
import type { Vault } from '@sallyport/store/vault/segments'

import type { EpochKeys } from './epoch-keys.ts'
import type { KekDesk } from './keystore/kek-desk.ts'

export type UnsealContext = {
  readonly db: Db
  readonly vault: Vault
  readonly keks: KekDesk
  /** For what a hub of before stored and is not re-wrapped yet. */
  readonly epochs: EpochKeys
}

export type Unsealed =
  | { readonly kind: 'opened'; readonly plaintext: Uint8Array }
  | { readonly kind: 'not_openable'; readonly detail: string }

/** Reads the sealed body, checks it against its hash, and opens it. */
export async function unsealed(
  capture: CaptureRow,
  { db, vault, keks, epochs }: UnsealContext,
): Promise<Unsealed> {
  const body = await readBody(vault, capture, capture, () => placeOfCapture(db, capture.id))
  if (body.kind !== 'body') return notOpenable(body.detail)
  const seal = { header: capture.header, body: body.body }
  if (capture.kek === null) {
    const identity = await epochs.identityOfDay(capture.epoch_day)
    if (identity === null) return notOpenable(`The key of ${capture.epoch_day} is not here.`)
    const opened = openSeal(seal, identity)
    return opened.kind === 'opened' ? opened : notOpenable(opened.detail)
  }
  const opened = keks.open(capture.kek, seal)
  if (opened.kind === 'gone') return notOpenable(`The keystore has no key ${capture.kek}.`)
  return opened.kind === 'opened' ? opened : notOpenable(opened.detail)
}

function notOpenable(detail: string): Unsealed {
  return { kind: 'not_openable', detail }
}
