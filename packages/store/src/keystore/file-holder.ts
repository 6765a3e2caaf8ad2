/**
 * The store key under a root that lies in the keystore's own folder: in clear, for a hub that starts
 * unattended, or as an age file under a passphrase (`age -d` opens it too).
 */

import * as crypto from 'node:crypto'
import * as path from 'node:path'

import { openWithPassphrase, sealWithPassphrase } from '@sallyport/proof/node/passphrase-seal'

import { type HeldKey, type Holder, KeystoreError, keystoreLimits } from './keystore.ts'
import { rootId } from './root-id.ts'
import { nodeSecretFiles, type SecretFiles } from './secret-files.ts'

export type RootInfo = {
  /** Beginning of a hash of it: 16 hex digits. */
  readonly id: string
  readonly sealed: boolean
}

export type FileHolderOptions = {
  readonly folder: string
  /** Null when nobody gave one: a new root then lies in clear, a sealed one does not open. */
  readonly passphrase: () => Promise<string | null>
  /** Makes another root even where there is one: for rotation. */
  readonly fresh?: boolean
  /** A root that was put together from shares; kept as it would be made. */
  readonly root?: Uint8Array
  readonly files?: SecretFiles
  /** log2 of scrypt's work for a new passphrase: 18 is age's own. */
  readonly workFactor?: number
}

export type FileHolder = Holder & {
  /** The root in use once something was protected or recovered. For shares; keep it in memory only. */
  root(): { readonly info: RootInfo; readonly key: Uint8Array } | null
  /** Erases the other roots of the folder: those from before a rotation. */
  eraseOthers(): Promise<void>
}

const rootPattern = /^root-([0-9a-f]{16})\.(key|age)(\.draft)?$/
const nonceBytes = 12
const tagBytes = 16

export function fileHolder(options: FileHolderOptions): FileHolder {
  const { folder, passphrase, fresh = false, workFactor = 18 } = options
  const files = options.files ?? nodeSecretFiles
  let opened: { readonly info: RootInfo; readonly key: Uint8Array } | null = null

  async function make(key: Uint8Array): Promise<Uint8Array> {
    const id = rootId(key)
    const words = await passphrase()
    if (words !== null) checkPassphrase(words)
    await files.makeFolder(folder)
    await files.write(
      path.join(folder, `root-${id}.${words === null ? 'key' : 'age'}`),
      words === null
        ? Buffer.from(`${Buffer.from(key).toString('hex')}\n`)
        : await sealWithPassphrase(key, words, workFactor),
    )
    opened = { info: { id, sealed: words !== null }, key }
    return key
  }

  async function rootOf(id: string): Promise<Uint8Array> {
    if (opened?.info.id === id) return opened.key
    if (options.root !== undefined && rootId(options.root) === id) return make(options.root)
    const plain = await files.read(path.join(folder, `root-${id}.key`))
    const sealed = plain === null ? await files.read(path.join(folder, `root-${id}.age`)) : null
    const key =
      plain !== null
        ? Buffer.from(Buffer.from(plain).toString('utf8').trim(), 'hex')
        : sealed !== null
          ? await unlocked(sealed)
          : null
    if (key === null)
      throw new KeystoreError(
        'root_missing',
        `The root ${id} is not in ${folder}. Put it together from its shares: sallyport keys recover.`,
      )
    if (rootId(key) !== id)
      throw new KeystoreError('keystore_damaged', `The root ${id} in ${folder} is damaged.`)
    opened = { info: { id, sealed: plain === null }, key }
    return key
  }

  async function unlocked(sealed: Uint8Array): Promise<Uint8Array> {
    const words = await passphrase()
    if (words === null)
      throw new KeystoreError(
        'root_locked',
        'The root is sealed with a passphrase. Give it in SALLYPORT_ROOT_PASSPHRASE or at the prompt.',
      )
    const key = await openWithPassphrase(sealed, words)
    if (key.kind === 'refused')
      throw new KeystoreError(
        key.code === 'no_matching_recipient' ? 'wrong_passphrase' : 'keystore_damaged',
        key.code === 'no_matching_recipient'
          ? 'The passphrase is not that of the root.'
          : `The sealed root is damaged: ${key.detail}`,
      )
    return key.plaintext
  }

  async function rootToProtectWith(): Promise<Uint8Array> {
    if (opened !== null) return opened.key
    if (options.root !== undefined) return make(options.root)
    if (fresh) return make(crypto.randomBytes(32))
    // One that a crash left before there was a keystore.
    const ids = (await roots(folder, files)).map(({ id }) => id)
    const [only] = ids
    return only !== undefined && ids.length === 1 ? rootOf(only) : make(crypto.randomBytes(32))
  }

  return {
    kind: 'file',
    root: () => opened,
    async protect(storeKey, generation) {
      const root = await rootToProtectWith()
      const nonce = crypto.randomBytes(nonceBytes)
      const cipher = crypto.createCipheriv('aes-256-gcm', root, nonce)
      cipher.setAAD(associated(generation))
      const wrapped = Buffer.concat([
        nonce,
        cipher.update(storeKey),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return { holder: 'file', reference: `${rootId(root)}/${generation}`, wrapped }
    },
    async recover({ reference, wrapped }: HeldKey) {
      const [id = '', generation = ''] = reference.split('/')
      const root = await rootOf(id)
      try {
        const decipher = crypto.createDecipheriv(
          'aes-256-gcm',
          root,
          wrapped.subarray(0, nonceBytes),
          {
            authTagLength: tagBytes,
          },
        )
        decipher.setAAD(associated(Number(generation)))
        decipher.setAuthTag(wrapped.subarray(-tagBytes))
        return Buffer.concat([
          decipher.update(wrapped.subarray(nonceBytes, -tagBytes)),
          decipher.final(),
        ])
      } catch (error) {
        throw new KeystoreError(
          'keystore_damaged',
          'The store key beside the keystore is damaged.',
          error,
        )
      }
    },
    // The root goes on; what it wrapped is erased with the keystore's own files.
    retire: () => Promise.resolve({ kind: 'gone' }),
    async eraseOthers() {
      const keep = opened?.info
      if (keep === undefined) throw new Error('a root is in use when others are erased')
      await eraseRoots(folder, keep, files)
    },
  }
}

/** Erases the roots of a folder, all but one, or all where another holder guards the store key. */
export async function eraseRoots(
  folder: string,
  keep: RootInfo | null,
  files: SecretFiles = nodeSecretFiles,
): Promise<void> {
  for (const name of await files.list(folder)) {
    const [, id, kind, draft] = rootPattern.exec(name) ?? []
    if (id === undefined) continue
    const kept = id === keep?.id && kind === (keep.sealed ? 'age' : 'key') && draft === undefined
    if (!kept) await files.erase(path.join(folder, name))
  }
}

/** The roots that lie in a folder. */
export async function roots(
  folder: string,
  files: SecretFiles = nodeSecretFiles,
): Promise<readonly RootInfo[]> {
  return (await files.list(folder)).flatMap((name) => {
    const [, id, kind, draft] = rootPattern.exec(name) ?? []
    return id === undefined || draft !== undefined ? [] : [{ id, sealed: kind === 'age' }]
  })
}

function checkPassphrase(words: string): void {
  const { passphraseMin, passphraseMax } = keystoreLimits
  if (words.length < passphraseMin || words.length > passphraseMax)
    throw new KeystoreError(
      'wrong_passphrase',
      `A passphrase of the root has ${passphraseMin} to ${passphraseMax} characters; six words from a list are good.`,
    )
}

function associated(generation: number): Buffer {
  return Buffer.from(`sallyport/store-key/v1\n${generation}\n`)
}
