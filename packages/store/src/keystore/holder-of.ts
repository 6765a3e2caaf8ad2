/** The holder of the store key that the settings name. */

import { eraseRoots, fileHolder } from './file-holder.ts'
import { type Holder, KeystoreError } from './keystore.ts'
import { kmsHolder } from './kms-holder.ts'
import { pkcs11Holder, pkcs11PinName } from './pkcs11-holder.ts'
import { vaultHolder } from './vault-holder.ts'

/**
 * `file`, `vault:https://vault.example:8200/transit`, `aws-kms:eu-central-1`,
 * `pkcs11:/usr/lib/softhsm/libsofthsm2.so?token=sallyport`.
 */
export const holderPattern =
  /^(file|pkcs11:\/[^\s?]+\?token=[A-Za-z0-9._ -]{1,32}|vault:https?:\/\/[^\s/]+(\/[A-Za-z0-9._-]+)?|aws-kms:[a-z0-9-]+(@https?:\/\/[^\s]+)?)$/

export type HolderContext = {
  /** `keys/keystore`. */
  readonly folder: string
  readonly passphrase: () => Promise<string | null>
  /**
   * Credentials of the holder's own tools: `VAULT_TOKEN`; `AWS_ACCESS_KEY_ID` and its companions;
   * `SALLYPORT_PKCS11_PIN`.
   */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** With a root of its own rather than the one that is there. */
  readonly fresh?: boolean
}

export type NamedHolder = Holder & {
  /** Erases roots that guard nothing any more. Call once the keystore is open under this holder. */
  eraseOthers(): Promise<void>
}

/** Throws a `KeystoreError` when credentials are not there. Nothing is asked yet. */
export function holderOf(spec: string, context: HolderContext): NamedHolder {
  const { folder, passphrase, fresh = false } = context
  if (!holderPattern.test(spec)) throw new Error('the settings are checked before')
  return spec === 'file'
    ? fileHolder({ folder, passphrase, fresh })
    : { ...outside(spec, context), eraseOthers: () => eraseRoots(folder, null) }
}

function outside(spec: string, { environment, now }: HolderContext): Holder {
  const wanted = (name: string) => {
    const value = environment[name]
    if (value !== undefined && value !== '') return value
    throw new KeystoreError('holder_away', `keystore_holder needs ${name} in the environment.`)
  }
  if (spec.startsWith('vault:')) {
    const { origin, pathname } = new URL(spec.slice('vault:'.length))
    const mount = pathname.slice(1)
    return vaultHolder({
      address: origin,
      token: wanted('VAULT_TOKEN'),
      prefix: 'sallyport',
      ...(mount === '' ? {} : { mount }),
    })
  }
  if (spec.startsWith('pkcs11:')) {
    const [module = '', tokenLabel = ''] = spec.slice('pkcs11:'.length).split('?token=')
    wanted(pkcs11PinName)
    return pkcs11Holder({ module, tokenLabel, environment })
  }
  const [region = '', endpoint] = spec.slice('aws-kms:'.length).split('@')
  const sessionToken = environment['AWS_SESSION_TOKEN']
  return kmsHolder({
    region,
    now,
    credentials: {
      accessKeyId: wanted('AWS_ACCESS_KEY_ID'),
      secretAccessKey: wanted('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  })
}
