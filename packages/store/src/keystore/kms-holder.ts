/**
 * The store key under a key of AWS KMS, one for each generation. AWS deletes a key 7 days or more
 * after it is asked to: until then a destruction is requested, not effective.
 */

import { signAwsRequest, type AwsCredentials } from './aws-signature.ts'
import { type HeldKey, type Holder, KeystoreError, keystoreLimits } from './keystore.ts'

export type KmsOptions = {
  readonly region: string
  readonly credentials: AwsCredentials
  /** Other than `https://kms.<region>.amazonaws.com/`. */
  readonly endpoint?: string
  /** 7 to 30: how long AWS keeps a key that is to be deleted. */
  readonly pendingDays?: number
  /** What AWS shows beside the keys. */
  readonly description?: string
  readonly now: () => Date
}

type KmsAnswer =
  | { readonly kind: 'ok'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly type: string; readonly status: number }

/**
 * Needs kms:CreateKey, Encrypt, Decrypt, ScheduleKeyDeletion and DescribeKey. The generation is the
 * encryption context, so CloudTrail tells which store key was opened.
 */
export function kmsHolder(options: KmsOptions): Holder {
  const { region, credentials, pendingDays = 7, description = 'Sallyport store key', now } = options
  const url = new URL(options.endpoint ?? `https://kms.${region}.amazonaws.com/`)

  async function ask(operation: string, fields: unknown): Promise<KmsAnswer> {
    const body = JSON.stringify(fields)
    const signed = signAwsRequest(
      {
        host: url.host,
        region,
        service: 'kms',
        body,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `TrentService.${operation}`,
        },
      },
      credentials,
      now(),
    )
    const { host: _, ...headers } = signed
    let response: Response
    try {
      response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(keystoreLimits.holderMsMax),
      })
    } catch (error) {
      throw new KeystoreError('holder_away', `AWS KMS at ${url.host} does not answer.`, error)
    }
    const answered = fieldsOf((await response.text()).slice(0, keystoreLimits.holderAnswerMax))
    if (response.status === 200) return { kind: 'ok', fields: answered }
    const said = answered['__type']
    const type = typeof said === 'string' ? said.replace(/^.*#/, '') : ''
    return { kind: 'error', type, status: response.status }
  }

  async function done(operation: string, fields: unknown) {
    const answered = await ask(operation, fields)
    if (answered.kind === 'ok') return answered.fields
    throw new KeystoreError(
      'holder_away',
      `AWS KMS refused ${operation} (${answered.status} ${answered.type}).`,
    )
  }

  return {
    kind: 'aws_kms',
    async protect(storeKey, generation) {
      const made = await done('CreateKey', {
        Description: description,
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeySpec: 'SYMMETRIC_DEFAULT',
      })
      const reference = textAt(metadataOf(made), 'Arn')
      const wrapped = await done('Encrypt', {
        KeyId: reference,
        Plaintext: Buffer.from(storeKey).toString('base64'),
        EncryptionContext: context(generation),
      })
      // The context is needed again, and stands before the blob.
      const blob = `${generation}:${textAt(wrapped, 'CiphertextBlob')}`
      return { holder: 'aws_kms', reference, wrapped: Buffer.from(blob) }
    },
    async recover({ reference, wrapped }: HeldKey) {
      const [generation = '', blob = ''] = Buffer.from(wrapped).toString('utf8').split(':')
      const answered = await ask('Decrypt', {
        KeyId: reference,
        CiphertextBlob: blob,
        EncryptionContext: context(Number(generation)),
      })
      if (answered.kind === 'error') {
        if (/^(KMSInvalidStateException|NotFoundException)$/.test(answered.type))
          throw new KeystoreError(
            'store_key_missing',
            `AWS KMS has deleted ${reference}, or is about to: what it guarded was destroyed.`,
          )
        if (
          /^(InvalidCiphertextException|IncorrectKeyException|ValidationException)$/.test(
            answered.type,
          )
        )
          throw new KeystoreError('keystore_damaged', 'AWS KMS does not open the store key.')
        throw new KeystoreError('holder_away', `AWS KMS refused Decrypt (${answered.type}).`)
      }
      const storeKey = Buffer.from(textAt(answered.fields, 'Plaintext'), 'base64')
      if (storeKey.length !== 32) throw notUnderstood()
      return storeKey
    },
    async retire({ reference }) {
      const described = await ask('DescribeKey', { KeyId: reference })
      if (described.kind === 'error') {
        if (described.type === 'NotFoundException') return { kind: 'gone' }
        throw new KeystoreError('holder_away', `AWS KMS refused DescribeKey (${described.type}).`)
      }
      const metadata = metadataOf(described.fields)
      if (metadata['KeyState'] === 'PendingDeletion')
        return { kind: 'pending', until: dateAt(metadata, 'DeletionDate') }
      const scheduled = await done('ScheduleKeyDeletion', {
        KeyId: reference,
        PendingWindowInDays: pendingDays,
      })
      return { kind: 'pending', until: dateAt(scheduled, 'DeletionDate') }
    },
  }
}

function context(generation: number): Readonly<Record<string, string>> {
  return { sallyport: 'store-key', generation: String(generation) }
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

function metadataOf(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const metadata = fields['KeyMetadata']
  return typeof metadata === 'object' && metadata !== null ? { ...metadata } : {}
}

function textAt(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw notUnderstood()
  return value
}

/** AWS gives seconds since 1970, with a fraction. */
function dateAt(fields: Readonly<Record<string, unknown>>, name: string): Date {
  const value = fields[name]
  if (typeof value !== 'number') throw notUnderstood()
  return new Date(value * 1000)
}

function notUnderstood(): KeystoreError {
  return new KeystoreError('holder_away', 'The answer of AWS KMS is not understood.')
}
