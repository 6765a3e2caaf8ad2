/**
 * The store key under a key of HashiCorp Vault or OpenBao's transit engine, one for each generation:
 * deleting it is what makes an old keystore worthless, whoever has copied it.
 */

import { type HeldKey, type Holder, KeystoreError, keystoreLimits } from './keystore.ts'

export type VaultOptions = {
  /** `https://vault.example:8200`. */
  readonly address: string
  readonly token: string
  /** Where the engine is mounted. */
  readonly mount?: string
  /** Names of keys begin with it: `sallyport-port-1`. */
  readonly prefix: string
}

/**
 * Needs the capabilities create, update and delete on `<mount>/keys/<prefix>-*` and update on
 * `<mount>/encrypt` and `/decrypt` of the same.
 */
export function vaultHolder({ address, token, mount = 'transit', prefix }: VaultOptions): Holder {
  async function ask(method: string, path: string, body?: unknown): Promise<VaultAnswer> {
    let response: Response
    try {
      response = await fetch(`${address.replace(/\/$/, '')}/v1/${mount}/${path}`, {
        method,
        headers: { 'x-vault-token': token, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(keystoreLimits.holderMsMax),
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (error) {
      throw new KeystoreError('holder_away', `Vault at ${address} does not answer.`, error)
    }
    const text = (await response.text()).slice(0, keystoreLimits.holderAnswerMax)
    return { status: response.status, data: dataOf(text), errors: errorsOf(text) }
  }

  function expectDone({ status, errors }: VaultAnswer, what: string): void {
    if (status === 200 || status === 204) return
    throw new KeystoreError('holder_away', `Vault refused to ${what} (${status}: ${errors}).`)
  }

  return {
    kind: 'vault_transit',
    async protect(storeKey, generation) {
      // The time keeps names apart when a keystore begins anew: a key is never used twice.
      const name = `${prefix}-${generation}-${Date.now().toString(36)}`
      const made = await ask('POST', `keys/${name}`, { type: 'aes256-gcm96', exportable: false })
      expectDone(made, 'make a key')
      const wrapped = await ask('POST', `encrypt/${name}`, {
        plaintext: Buffer.from(storeKey).toString('base64'),
      })
      expectDone(wrapped, 'wrap a store key')
      const text = wrapped.data['ciphertext']
      if (typeof text !== 'string') throw notUnderstood()
      return { holder: 'vault_transit', reference: name, wrapped: Buffer.from(text) }
    },
    async recover({ reference, wrapped }: HeldKey) {
      const ciphertext = Buffer.from(wrapped).toString('utf8')
      const opened = await ask('POST', `decrypt/${nameOf(reference)}`, { ciphertext })
      if (opened.status === 404 || /not found|no longer/.test(opened.errors))
        throw new KeystoreError(
          'store_key_missing',
          `Vault has no key ${reference} (any more): what it guarded was destroyed.`,
        )
      if (opened.status === 400)
        throw new KeystoreError(
          'keystore_damaged',
          'Vault does not open the store key: it was changed.',
        )
      expectDone(opened, 'open the store key')
      const text = opened.data['plaintext']
      const storeKey = typeof text === 'string' ? Buffer.from(text, 'base64') : null
      if (storeKey?.length !== 32) throw notUnderstood()
      return storeKey
    },
    async retire({ reference }) {
      const name = nameOf(reference)
      const allowed = await ask('POST', `keys/${name}/config`, { deletion_allowed: true })
      // Vault answers 400 to the configuration of a key that is gone.
      if (allowed.status !== 404 && allowed.status !== 400) expectDone(allowed, 'allow a deletion')
      const gone = await ask('DELETE', `keys/${name}`)
      const there = await ask('GET', `keys/${name}`)
      if (there.status === 404) return { kind: 'gone' }
      expectDone(gone, 'delete a key')
      throw new KeystoreError('holder_away', `Vault still has the key ${name}.`)
    },
  }
}

type VaultAnswer = {
  readonly status: number
  readonly data: Readonly<Record<string, unknown>>
  readonly errors: string
}

/** A name comes back from a file: nothing but a name goes into a path. */
function nameOf(reference: string): string {
  if (!/^[A-Za-z0-9._-]{1,200}$/.test(reference))
    throw new KeystoreError('keystore_damaged', 'The store key names no key of Vault.')
  return reference
}

function dataOf(text: string): Readonly<Record<string, unknown>> {
  const parsed = parsedOf(text)
  const data = parsed === null ? null : parsed['data']
  return typeof data === 'object' && data !== null ? { ...data } : {}
}

function errorsOf(text: string): string {
  const errors = parsedOf(text)?.['errors']
  return Array.isArray(errors) ? errors.map(String).join('; ').slice(0, 200) : ''
}

function parsedOf(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null
  } catch {
    return null
  }
}

function notUnderstood(): KeystoreError {
  return new KeystoreError('holder_away', 'The answer of Vault is not understood.')
}
