/**
 * From the epoch to the KEK: the file key of every body is unwrapped once with the epoch's identity and
 * wrapped under the KEK of its class and day, before the body touches the disk. What is stored needs
 * no epoch identity, so that one can be destroyed when its day is over (specs/seal.md).
 */

import type { Bundle } from '@sallyport/proof/bundle'
import { type OpeningKey, unwrapFileKey } from '@sallyport/proof/node/seal'

import type { KekDesk } from '../keystore/kek-desk.ts'
import { type Problem, problem } from '../problems.ts'

export type RewrappedBody = {
  readonly fileKey: Uint8Array
  readonly kek: string
  /** For the row: a new header under `kek`. */
  readonly header: Uint8Array
}

export type Rewrapped = {
  readonly kind: 'rewrapped'
  /** As the bodies of the bundle, in order. */
  readonly bodies: readonly RewrappedBody[]
}

/** Re-wraps every body of a bundle whose epoch's identity is here. Throws when a KEK cannot be stored. */
export async function rewrapBundle(
  { manifest, bodies }: Bundle,
  port: string,
  identity: OpeningKey,
  keks: KekDesk,
): Promise<Rewrapped | Problem> {
  const rewrapped: RewrappedBody[] = []
  for (const [index, { header }] of bodies.entries()) {
    const name = manifest.bodies[index]?.class
    if (name === undefined) throw new Error('a parsed bundle has a statement for each body')
    const unwrapped = unwrapFileKey(header, identity)
    if (unwrapped.kind === 'refused')
      return problem(
        'seal_not_for_epoch',
        `Body ${index + 1} (${name}) is not sealed to the epoch that the manifest names (${unwrapped.code}). Nobody could ever open it: look into the device.`,
      )
    const { fileKey } = unwrapped
    const kek = await keks.kekFor({ class: name, day: manifest.epoch.day, port, use: 'day' })
    rewrapped.push({ fileKey, kek, header: keks.keystore.wrap(kek, fileKey) })
  }
  return { kind: 'rewrapped', bodies: rewrapped }
}
