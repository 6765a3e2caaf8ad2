/**
 * Epoch keys of a port: for each UTC day an age identity and a hybrid one, made ahead of time. The
 * recipients are announced under the agency's signature; the identities never leave the hub.
 */

import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'

import { encodeEpochs, type Epoch, epochDays, signEpochs } from '@sallyport/proof/epoch'
import type { BodyClass } from '@sallyport/proof/manifest'
import { sign } from '@sallyport/proof/node/ed25519'
import {
  generateIdentity,
  type OpeningKey,
  openingKey,
  type SealIdentity,
} from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'
import { nodeSecretFiles } from '@sallyport/store/keystore/secret-files'

import { type KeyPair, readSecret, writeSecret } from './keys.ts'
import { limits } from './limits.ts'

export type EpochKeys = {
  /** Makes what is missing of the days that are announced at `now`, so that lanes find them made. */
  makeAhead(now: Date): Promise<void>
  /**
   * The signed document lanes fetch: recipients from the day of `now` on. With the classes that are
   * sealed to hybrid recipients it is of version 2; null for lanes that know version 1 alone.
   */
  announcement(
    now: Date,
    hybridClasses: readonly BodyClass[] | null,
  ): Promise<{ readonly document: Uint8Array; readonly signature: Uint8Array }>
  /** Both identities of a day, if `recipient` is the one that was announced for it. */
  identityFor(day: string, recipient: string): Promise<OpeningKey | null>
  /** The identities a stored header of that day was sealed to. */
  identityOfDay(day: string): Promise<OpeningKey | null>
  /** The days whose identity is here, ascending, with the recipient that was announced. */
  kept(): Promise<readonly { readonly day: string; readonly recipient: string }[]>
  /** Erases the identity of a day, for good: the same day gets no other. Idempotent. */
  destroy(day: string): Promise<void>
}

type KnownEpoch = {
  readonly recipient: string
  /** Null for a day that was announced before there were any. */
  readonly hybrid: string | null
  readonly key: OpeningKey
}

/** Opens the epoch keys of one port in `<keys>/epochs/<port>/`, two files a day. */
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
    const classic = await readPair(fileOf(day))
    return classic === null ? null : keep(day, classic, await readPair(hybridFileOf(day)))
  }

  async function loadOrMake(day: string): Promise<KnownEpoch> {
    const found = await load(day)
    if (found !== null && found.hybrid !== null) return found
    if (destroyed.has(day)) throw new Error(`the epoch of ${day} was destroyed`)
    const classic = (await readPair(fileOf(day))) ?? (await made(fileOf(day), generateIdentity()))
    const hybrid = await made(hybridFileOf(day), generateHybridIdentity())
    return keep(day, classic, hybrid)
  }

  function keep(day: string, classic: SealIdentity, hybrid: SealIdentity | null): KnownEpoch {
    const identities = [classic, ...(hybrid === null ? [] : [hybrid])]
    const key = openingKey(...identities.map(({ identity }) => identity))
    const epoch = { recipient: classic.recipient, hybrid: hybrid?.recipient ?? null, key }
    known.set(day, epoch)
    return epoch
  }

  function fileOf(day: string): string {
    return path.join(directory, `${day}.key`)
  }

  function hybridFileOf(day: string): string {
    return path.join(directory, `${day}.hybrid.key`)
  }

  /** One at a time: two first requests must not make two keys for one day. */
  function days(now: Date): Promise<readonly Required<Epoch>[]> {
    const turn = making.then(async () => {
      const epochs = []
      for (const day of epochDays(now, limits.epochDaysAhead + 1)) {
        if (destroyed.has(day)) continue
        const { recipient, hybrid } = await loadOrMake(day)
        if (hybrid === null) throw new Error('it was just made')
        epochs.push({ day, recipient, hybrid_recipient: hybrid })
      }
      return epochs
    })
    making = turn.catch(() => undefined)
    return turn
  }

  return {
    async makeAhead(now) {
      await days(now)
    },
    async announcement(now, hybridClasses) {
      const epochs = await days(now)
      const common = {
        agency_key: Buffer.from(agency.publicKey).toString('hex'),
        port,
        issued_at: now.toISOString(),
      }
      const document = encodeEpochs(
        hybridClasses === null
          ? {
              ...common,
              version: 1,
              epochs: epochs.map(({ day, recipient }) => ({ day, recipient })),
            }
          : { ...common, version: 2, hybrid_classes: hybridClasses, epochs },
      )
      return { document, signature: signEpochs(agency.seed, document, sign) }
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
      for (const file of [fileOf(day), hybridFileOf(day)]) {
        await nodeSecretFiles.erase(file)
        // A crash while it was made may have left the same secret under this name.
        await nodeSecretFiles.erase(`${file}.new`)
      }
    },
  }
}

async function readPair(file: string): Promise<SealIdentity | null> {
  const [recipient, identity] = (await readSecret(file))?.split(' ') ?? []
  return recipient === undefined || identity === undefined ? null : { recipient, identity }
}

async function made(file: string, identity: SealIdentity): Promise<SealIdentity> {
  await writeSecret(file, `${identity.recipient} ${identity.identity}`)
  return identity
}
