/**
 * Epoch keys of a port: for each UTC day an age identity and a hybrid one, made ahead of time. The
 * recipients are announced under the agency's signature; the identities never leave the hub.
 */

import { mkdir } from 'node:fs/promises'
import path from 'node:path'

import { encodeEpochs, type Epoch, epochDay, epochDays, signEpochs } from '@sallyport/proof/epoch'
import type { BodyClass } from '@sallyport/proof/manifest'
import { sign } from '@sallyport/proof/node/ed25519'
import {
  generateIdentity,
  type OpeningKey,
  openingKey,
  type SealIdentity,
} from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'

import {
  classicFile,
  epochPlaces,
  type EpochPlace,
  eraseIdentities,
  hybridFile,
  placeName,
  readIdentity,
  writeIdentity,
} from './epoch-files.ts'
import type { KeyPair } from './keys.ts'
import { limits } from './limits.ts'
import { createTurn } from './turns.ts'

/** From `fromDay` on a port's days have identities of their own in place of those before. */
export type EpochRotation = {
  readonly id: string
  /** Later than that of every rotation before, whatever the clock said. */
  readonly rotatedAt: Date
  /** UTC day. */
  readonly fromDay: string
}

/** What an announcement says besides recipients: what a lane of each version knows. */
export type AnnouncementForm =
  | { readonly version: 1 }
  | { readonly version: 2 | 3; readonly hybridClasses: readonly BodyClass[] }

export type KeptEpoch = EpochPlace & { readonly recipient: string }

export type EpochKeys = {
  /** Makes what is missing of the days that are announced at `now`, so that lanes find them made. */
  makeAhead(now: Date): Promise<void>
  /** The signed document lanes fetch: recipients from the day of `now` on. */
  announcement(
    now: Date,
    form: AnnouncementForm,
  ): Promise<{ readonly document: Uint8Array; readonly signature: Uint8Array }>
  /** Both identities of a day, if `recipient` is one that was announced for it. */
  identityFor(day: string, recipient: string): Promise<OpeningKey | null>
  /** The identities a stored header of that day was sealed to, by a hub that knew no rotation. */
  identityOfDay(day: string): Promise<OpeningKey | null>
  /** Every identity that is here, days ascending, with the recipient that was announced. */
  kept(): Promise<readonly KeptEpoch[]>
  /** The newest rotation; null when there was none. */
  rotation(): EpochRotation | null
  /** The rotation whose identity lanes are told to seal to on a day. */
  currentOf(day: string): string | null
  /** Whether identities of a rotation, null for a day's first, are older than those of `another`. */
  isBefore(rotation: string | null, another: string): boolean
  /** Days from its first on are announced with new identities from here on. Idempotent. */
  rotate(rotation: EpochRotation): Promise<void>
  /**
   * Erases an identity, for good. Where it is the one that is announced for its day, the day gets no
   * other. Idempotent.
   */
  destroy(place: EpochPlace): Promise<void>
}

type KnownEpoch = {
  readonly recipient: string
  /** Null for a day that was announced before there were any. */
  readonly hybrid: string | null
  readonly key: OpeningKey
}

/** What a port's rows say of its identities. */
export type EpochHistory = {
  readonly rotations: readonly EpochRotation[]
  /** Identities that were destroyed, or will be. */
  readonly destroyed: readonly EpochPlace[]
  /** Days that ended: a clock that goes back must not bring a new identity. */
  readonly over: readonly string[]
}

/** Opens the epoch keys of one port in `<keys>/epochs/<port>/`. */
export async function openEpochKeys(
  keysDirectory: string,
  port: string,
  agency: KeyPair,
  history: EpochHistory = { rotations: [], destroyed: [], over: [] },
): Promise<EpochKeys> {
  const directory = path.join(keysDirectory, 'epochs', port)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const known = new Map<string, KnownEpoch>()
  let rotations = inOrder(history.rotations)
  const gone = new Set(history.destroyed.map(placeName))
  const over = new Set(history.over)
  /** One at a time: two first requests must not make two keys for one day. */
  const inTurn = createTurn()

  function currentOf(day: string): string | null {
    return rotations.findLast(({ fromDay }) => fromDay <= day)?.id ?? null
  }

  function current(day: string): EpochPlace {
    return { day, rotation: currentOf(day) }
  }

  async function load(place: EpochPlace): Promise<KnownEpoch | null> {
    const name = placeName(place)
    if (gone.has(name)) return null
    const found = known.get(name)
    if (found !== undefined) return found
    const classic = await readIdentity(classicFile(directory, place))
    if (classic === null) return null
    const hybrid = await readIdentity(hybridFile(directory, place))
    // It may have been destroyed while its files were read.
    return gone.has(name) ? null : keep(place, classic, hybrid)
  }

  async function loadOrMake(day: string): Promise<KnownEpoch> {
    const place = current(day)
    const found = await load(place)
    if (found !== null && found.hybrid !== null) return found
    if (over.has(day)) throw new Error(`the epoch of ${day} was destroyed`)
    const file = classicFile(directory, place)
    const classic = (await readIdentity(file)) ?? (await writeIdentity(file, generateIdentity()))
    const hybrid = await writeIdentity(hybridFile(directory, place), generateHybridIdentity())
    return keep(place, classic, hybrid)
  }

  function keep(place: EpochPlace, classic: SealIdentity, hybrid: SealIdentity | null): KnownEpoch {
    const identities = [classic, ...(hybrid === null ? [] : [hybrid])]
    const key = openingKey(...identities.map(({ identity }) => identity))
    const epoch = { recipient: classic.recipient, hybrid: hybrid?.recipient ?? null, key }
    known.set(placeName(place), epoch)
    return epoch
  }

  async function days(now: Date): Promise<readonly Required<Epoch>[]> {
    const today = epochDay(now)
    const epochs = []
    const first = new Date(now.getTime() - limits.epochOverlapMs)
    for (const day of epochDays(first, limits.epochDaysAhead + 2)) {
      // What was captured before midnight is sealed after it, and not every clock shows the same.
      const isWanted = day >= today || (await load(current(day))) !== null
      if (!isWanted || over.has(day) || epochs.length > limits.epochDaysAhead) continue
      const { recipient, hybrid } = await loadOrMake(day)
      if (hybrid === null) throw new Error('it was just made')
      epochs.push({ day, recipient, hybrid_recipient: hybrid })
    }
    return epochs
  }

  return {
    async makeAhead(now) {
      await inTurn(() => days(now))
    },
    async announcement(now, form) {
      const [epochs, rotation] = await inTurn(
        async () => [await days(now), rotations.at(-1)] as const,
      )
      const common = {
        agency_key: Buffer.from(agency.publicKey).toString('hex'),
        port,
        issued_at: now.toISOString(),
      }
      const document = encodeEpochs(
        form.version === 1
          ? {
              ...common,
              version: 1,
              epochs: epochs.map(({ day, recipient }) => ({ day, recipient })),
            }
          : {
              ...common,
              version: form.version,
              hybrid_classes: form.hybridClasses,
              epochs,
              ...(form.version === 3 && rotation !== undefined
                ? { rotated_at: rotation.rotatedAt.toISOString() }
                : {}),
            },
      )
      return { document, signature: signEpochs(agency.seed, document, sign) }
    },
    async identityFor(day, recipient) {
      const newest = await load(current(day))
      if (newest?.recipient === recipient) return newest.key
      // Of before a rotation; or the hub was restored from before one, and this is of it.
      for (const place of await epochPlaces(directory)) {
        const found = place.day === day ? await load(place) : null
        if (found?.recipient === recipient) return found.key
      }
      return null
    },
    async identityOfDay(day) {
      return (await load({ day, rotation: null }))?.key ?? null
    },
    async kept() {
      const found = []
      for (const place of await epochPlaces(directory)) {
        const epoch = await load(place)
        if (epoch !== null) found.push({ ...place, recipient: epoch.recipient })
      }
      return found
    },
    rotation: () => rotations.at(-1) ?? null,
    currentOf,
    isBefore(rotation, another) {
      // One that the rows do not know is of before they were restored.
      const place = (id: string | null) => rotations.findIndex((one) => one.id === id)
      return place(rotation) < place(another)
    },
    rotate: (rotation) =>
      inTurn(async () => {
        if (!rotations.some(({ id }) => id === rotation.id))
          rotations = inOrder([...rotations, rotation])
        const made = new Set((await epochPlaces(directory)).map(({ day }) => day))
        // Also days beyond those that are announced: the clock may have been ahead.
        for (const day of made) if (day >= rotation.fromDay && !over.has(day)) await loadOrMake(day)
      }),
    async destroy(place) {
      if (place.rotation === currentOf(place.day)) over.add(place.day)
      gone.add(placeName(place))
      known.delete(placeName(place))
      await eraseIdentities(directory, place)
    },
  }
}

function inOrder(rotations: readonly EpochRotation[]): readonly EpochRotation[] {
  return rotations.toSorted((a, b) => a.rotatedAt.getTime() - b.rotatedAt.getTime())
}
