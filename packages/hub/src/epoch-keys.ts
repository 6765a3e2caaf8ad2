/**
 * Epoch keys of a port: an age identity for each UTC day, made ahead of time. The recipients are
 * announced under the agency's signature; the identities never leave the hub.
 */

import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'

import { encodeEpochs, epochDays, signEpochs } from '@sallyport/proof/epoch'
import { sign } from '@sallyport/proof/node/ed25519'
import {
  generateIdentity,
  type OpeningKey,
  openingKey,
  type SealIdentity,
} from '@sallyport/proof/node/seal'
import { nodeSecretFiles } from '@sallyport/store/keystore/secret-files'

import { type KeyPair, readSecret, writeSecret } from './keys.ts'
import { limits } from './limits.ts'

export type EpochKeys = {
  /** The signed document lanes fetch: recipients from the day of `now` on. */
  announcement(
    now: Date,
  ): Promise<{ readonly document: Uint8Array; readonly signature: Uint8Array }>
  /** The identity of a day, if `recipient` is the one that was announced for it. */
  identityFor(day: string, recipient: string): Promise<OpeningKey | null>
  /** The identity a stored header of that day was sealed to. */
  identityOfDay(day: string): Promise<OpeningKey | null>
  /** The days whose identity is here, ascending, with the recipient that was announced. */
  kept(): Promise<readonly { readonly day: string; readonly recipient: string }[]>
  /** Erases the identity of a day, for good: the same day gets no other. Idempotent. */
  destroy(day: string): Promise<void>
}

type KnownEpoch = { readonly recipient: string; readonly key: OpeningKey }

/** Opens the epoch keys of one port in `<keys>/epochs/<port>/`, one file a day. */
export async function openEpochKeys(
  keysDirectory: string,
  port: string,
  agency: KeyPair,
  /** Days whose identity was destroyed: a clock that goes back must not bring a new one. */
  over: Iterable<string> = [],
): Promise<EpochKeys> {
  const directory = path.join(keysDirectory, 'epochs', port)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const known = new Map<string, KnownEpoch>()
  const destroyed = new Set(over)
  let making: Promise<unknown> = Promise.resolve()

  async function load(day: string): Promise<KnownEpoch | null> {
    if (destroyed.has(day)) return null
    const found = known.get(day)
    if (found !== undefined) return found
    const text = await readSecret(path.join(directory, `${day}.key`))
    const [recipient, identity] = text?.split(' ') ?? []
    if (recipient === undefined || identity === undefined) return null
    return keep(day, { recipient, identity })
  }

  async function loadOrMake(day: string): Promise<KnownEpoch> {
    const found = await load(day)
    if (found !== null) return found
    if (destroyed.has(day)) throw new Error(`the epoch of ${day} was destroyed`)
    const made = generateIdentity()
    await writeSecret(path.join(directory, `${day}.key`), `${made.recipient} ${made.identity}`)
    return keep(day, made)
  }

  function keep(day: string, { recipient, identity }: SealIdentity): KnownEpoch {
    const epoch = { recipient, key: openingKey(identity) }
    known.set(day, epoch)
    return epoch
  }

  return {
    announcement(now) {
      // One at a time: two first requests must not make two keys for one day.
      const turn = making.then(async () => {
        const epochs = []
        for (const day of epochDays(now, limits.epochDaysAhead + 1)) {
          if (!destroyed.has(day))
            epochs.push({ day, recipient: (await loadOrMake(day)).recipient })
        }
        const document = encodeEpochs({
          version: 1,
          agency_key: Buffer.from(agency.publicKey).toString('hex'),
          port,
          epochs,
          issued_at: now.toISOString(),
        })
        return { document, signature: signEpochs(agency.seed, document, sign) }
      })
      making = turn.catch(() => undefined)
      return turn
    },
    async identityFor(day, recipient) {
      const found = await load(day)
      return found?.recipient === recipient ? found.key : null
    },
    async identityOfDay(day) {
      return (await load(day))?.key ?? null
    },
    async kept() {
      const days = (await readdir(directory)).flatMap(
        (name) => /^(\d{4}-\d{2}-\d{2})\.key$/.exec(name)?.[1] ?? [],
      )
      const found = []
      for (const day of days.toSorted()) {
        const epoch = await load(day)
        if (epoch !== null) found.push({ day, recipient: epoch.recipient })
      }
      return found
    },
    async destroy(day) {
      destroyed.add(day)
      known.delete(day)
      const file = path.join(directory, `${day}.key`)
      await nodeSecretFiles.erase(file)
      // A crash while it was made may have left the same secret under this name.
      await nodeSecretFiles.erase(`${file}.new`)
    },
  }
}
