/** The epoch keys of a hub in the test's own process: announced, replaced, and all kept. */

import { toBase64, toHex } from '@sallyport/proof/bytes'
import { type Epoch, encodeEpochs, epochDays, signEpochs } from '@sallyport/proof/epoch'
import type { BodyClass } from '@sallyport/proof/manifest'
import { sign } from '@sallyport/proof/node/ed25519'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'

type Agency = { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }

export class FakeEpochs {
  /** When `rotate` was called last. */
  rotatedAt: Date | null = null
  readonly #agency: Agency
  readonly #port: string
  readonly #identities = new Map<string, readonly string[]>()
  readonly #epochs = new Map<string, Required<Epoch>>()

  constructor(agency: Agency, port: string) {
    this.#agency = agency
    this.#port = port
  }

  /** Other recipients for every day from here on; those before open what was sealed to them. */
  rotate(at: Date): void {
    this.#epochs.clear()
    this.rotatedAt = at
  }

  announcement(
    from: Date,
    hybrid_classes?: readonly BodyClass[],
  ): { document: string; signature: string } {
    const epochs = epochDays(from, 14).map((day) => this.#epoch(day))
    const common = {
      agency_key: toHex(this.#agency.publicKey),
      port: this.#port,
      issued_at: from.toISOString(),
    }
    const bytes = encodeEpochs(
      hybrid_classes === undefined
        ? {
            ...common,
            version: 1,
            epochs: epochs.map(({ day, recipient }) => ({ day, recipient })),
          }
        : {
            ...common,
            hybrid_classes,
            epochs,
            ...(this.rotatedAt === null
              ? { version: 2 }
              : { version: 3, rotated_at: this.rotatedAt.toISOString() }),
          },
    )
    const signature = toHex(signEpochs(this.#agency.privateKey, bytes, sign))
    return { document: toBase64(bytes), signature }
  }

  /** Those that open what was sealed to this recipient, or to its hybrid one. */
  identities(recipient: string): readonly string[] {
    return this.#identities.get(recipient) ?? []
  }

  #epoch(day: string): Required<Epoch> {
    const known = this.#epochs.get(day)
    if (known !== undefined) return known
    const { identity, recipient } = generateIdentity()
    const hybrid = generateHybridIdentity()
    this.#identities.set(recipient, [identity, hybrid.identity])
    const epoch = { day, recipient, hybrid_recipient: hybrid.recipient }
    this.#epochs.set(day, epoch)
    return epoch
  }
}
