/** The keystore as one sealed file: every KEK, and the destructions that wait for a holder. */

import * as crypto from 'node:crypto'

import { type KekInfo, type KekScope, KeystoreError } from './keystore.ts'

export type HeldKekInfo = KekInfo & { readonly key: crypto.KeyObject }

/** A store key that was replaced, and who has not yet confirmed that it is gone. */
export type Retired = {
  readonly generation: number
  readonly holder: string
  readonly reference: string
  readonly requestedAt: Date
  /** What could be opened with it and should not. */
  readonly keks: readonly string[]
  readonly outstanding: readonly { readonly holder: string; readonly until: Date | null }[]
}

export type Contents = {
  readonly keks: ReadonlyMap<string, HeldKekInfo>
  readonly retired: readonly Retired[]
}

type Written = {
  readonly keks: readonly (KekScope & { id: string; created_at: string; key: string })[]
  readonly retired: readonly {
    generation: number
    holder: string
    reference: string
    requested_at: string
    keks: readonly string[]
    outstanding: readonly { holder: string; until: string | null }[]
  }[]
}

const firstLine = 'sallyport-keystore/v1\n'
const nonceBytes = 12
const tagBytes = 16

/** Seals the contents under a store key of 32 bytes; the generation is authenticated with them. */
export function sealContents(
  { keks, retired }: Contents,
  storeKey: Uint8Array,
  generation: number,
): Uint8Array {
  const written: Written = {
    keks: [...keks.values()].map(({ key, createdAt, ...info }) => ({
      ...info,
      created_at: createdAt.toISOString(),
      key: key.export().toString('base64'),
    })),
    retired: retired.map(({ requestedAt, outstanding, ...one }) => ({
      ...one,
      requested_at: requestedAt.toISOString(),
      outstanding: outstanding.map(({ holder, until }) => ({
        holder,
        until: until?.toISOString() ?? null,
      })),
    })),
  }
  const nonce = crypto.randomBytes(nonceBytes)
  const cipher = crypto.createCipheriv('aes-256-gcm', storeKey, nonce)
  cipher.setAAD(associated(generation))
  const plain = Buffer.from(JSON.stringify(written))
  const sealed = Buffer.concat([
    Buffer.from(firstLine),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  plain.fill(0)
  return sealed
}

/** Opens what `sealContents` made. Throws `keystore_damaged` for anything else. */
export function openContents(
  bytes: Uint8Array,
  storeKey: Uint8Array,
  generation: number,
): Contents {
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const at = firstLine.length
  if (sealed.length < at + nonceBytes + tagBytes || sealed.toString('latin1', 0, at) !== firstLine)
    throw damaged('It does not begin as a keystore does.')
  const decipher = crypto.createDecipheriv(
    'aes-256-gcm',
    storeKey,
    sealed.subarray(at, at + nonceBytes),
    { authTagLength: tagBytes },
  )
  decipher.setAAD(associated(generation))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  let plain: Buffer
  try {
    plain = Buffer.concat([
      decipher.update(sealed.subarray(at + nonceBytes, -tagBytes)),
      decipher.final(),
    ])
  } catch {
    throw damaged('It was changed, or is not of the store key that lies beside it.')
  }
  // What is authentic was written by this file alone.
  const written = JSON.parse(plain.toString('utf8')) as Written
  plain.fill(0)
  return {
    keks: new Map(
      written.keks.map(({ key, created_at, ...info }) => {
        const secret = crypto.createSecretKey(Buffer.from(key, 'base64'))
        return [info.id, { ...info, createdAt: new Date(created_at), key: secret }]
      }),
    ),
    retired: written.retired.map(({ requested_at, outstanding, ...one }) => ({
      ...one,
      requestedAt: new Date(requested_at),
      outstanding: outstanding.map(({ holder, until }) => ({
        holder,
        until: until === null ? null : new Date(until),
      })),
    })),
  }
}

function associated(generation: number): Buffer {
  return Buffer.from(`${firstLine}${generation}\n`)
}

function damaged(detail: string): KeystoreError {
  return new KeystoreError(
    'keystore_damaged',
    `The keystore does not open. ${detail} Put a copy of the same generation in its place; a keystore of before a destruction never opens again.`,
  )
}
