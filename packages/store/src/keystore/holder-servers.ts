/** Vault's transit engine and AWS KMS on loopback, as far as a holder uses them. For tests. */

import * as crypto from 'node:crypto'
import { once } from 'node:events'
import * as http from 'node:http'

export type HolderServer = {
  readonly url: string
  /** What its clients need besides. */
  readonly environment?: Readonly<Record<string, string>>
  /** Keys that exist and can be used. */
  usable(): number
  /** Lets the waiting period of deletions pass. */
  passTime(): void
  stop(): Promise<void>
}

type Answer = { readonly status: number; readonly json?: unknown }

async function serve(
  answer: (request: http.IncomingMessage, body: string) => Answer,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      const { status, json } = answer(request, body)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(json === undefined ? undefined : JSON.stringify(json))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function sealWith(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = crypto.randomBytes(12)
  const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function openWith(key: Buffer, sealed: Buffer, context: string): Buffer | null {
  try {
    const open = crypto.createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), {
      authTagLength: 16,
    })
    open.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-16))
    return Buffer.concat([open.update(sealed.subarray(12, -16)), open.final()])
  } catch {
    return null
  }
}

export async function startVault(token: string): Promise<HolderServer> {
  const keys = new Map<string, { readonly key: Buffer; deletable: boolean }>()
  const server = await serve((request, body) => {
    const refused = (status: number, error: string) => ({ status, json: { errors: [error] } })
    if (request.headers['x-vault-token'] !== token) return refused(403, 'permission denied')
    const [, , mount, operation, name = '', sub] = (request.url ?? '').split('/')
    if (mount !== 'transit') return refused(404, 'no handler for route')
    const fields = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>
    const found = keys.get(name)
    if (operation === 'keys' && request.method === 'POST' && sub === undefined) {
      if (found === undefined) keys.set(name, { key: crypto.randomBytes(32), deletable: false })
      return { status: 200, json: { data: { name, type: fields['type'] } } }
    }
    if (found === undefined) {
      if (request.method === 'GET') return { status: 404, json: { errors: [] } }
      return operation === 'decrypt'
        ? refused(400, 'encryption key not found')
        : refused(400, 'no existing key found')
    }
    if (operation === 'keys' && sub === 'config') {
      found.deletable = fields['deletion_allowed'] === true
      return { status: 200, json: { data: {} } }
    }
    if (operation === 'keys' && request.method === 'DELETE') {
      if (!found.deletable) return refused(400, 'deletion is not allowed for this key')
      keys.delete(name)
      return { status: 204 }
    }
    if (operation === 'keys') return { status: 200, json: { data: { name } } }
    if (operation === 'encrypt') {
      const sealed = sealWith(found.key, Buffer.from(String(fields['plaintext']), 'base64'), '')
      return {
        status: 200,
        json: { data: { ciphertext: `vault:v1:${sealed.toString('base64')}` } },
      }
    }
    const text = String(fields['ciphertext'])
    const open = text.startsWith('vault:v1:')
      ? openWith(found.key, Buffer.from(text.slice('vault:v1:'.length), 'base64'), '')
      : null
    return open === null
      ? refused(400, 'cipher: message authentication failed')
      : { status: 200, json: { data: { plaintext: open.toString('base64') } } }
  })
  return { ...server, usable: () => keys.size, passTime: () => undefined }
}

export async function startKms(accessKeyId: string, secret: string): Promise<HolderServer> {
  type Key = { readonly key: Buffer; deletionAt: number | null }
  const keys = new Map<string, Key>()
  const server = await serve((request, body) => {
    const error = (type: string, status = 400) => ({ status, json: { __type: type } })
    if (!isSigned(request, body, accessKeyId, secret))
      return error('com.amazonaws.kms#IncompleteSignatureException', 403)
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '')
    const fields = JSON.parse(body) as Record<string, unknown>
    if (operation === 'CreateKey') {
      const Arn = `arn:aws:kms:eu-central-1:111122223333:key/${crypto.randomUUID()}`
      keys.set(Arn, { key: crypto.randomBytes(32), deletionAt: null })
      return { status: 200, json: { KeyMetadata: { Arn, KeyState: 'Enabled' } } }
    }
    const arn = String(fields['KeyId'])
    const found = keys.get(arn)
    if (found === undefined) return error('NotFoundException')
    const { deletionAt } = found
    if (operation === 'DescribeKey') {
      const state =
        deletionAt === null
          ? { KeyState: 'Enabled' }
          : { KeyState: 'PendingDeletion', DeletionDate: deletionAt }
      return { status: 200, json: { KeyMetadata: { Arn: arn, ...state } } }
    }
    if (deletionAt !== null) return error('KMSInvalidStateException')
    const context = JSON.stringify(fields['EncryptionContext'])
    if (operation === 'ScheduleKeyDeletion') {
      const days = Number(fields['PendingWindowInDays'])
      if (days < 7 || days > 30) return error('ValidationException')
      found.deletionAt = Date.parse('2026-11-22T10:00:00.000Z') / 1000 + days * 86_400
      return { status: 200, json: { KeyId: arn, DeletionDate: found.deletionAt } }
    }
    if (operation === 'Encrypt') {
      const sealed = sealWith(
        found.key,
        Buffer.from(String(fields['Plaintext']), 'base64'),
        context,
      )
      return { status: 200, json: { KeyId: arn, CiphertextBlob: sealed.toString('base64') } }
    }
    const open = openWith(
      found.key,
      Buffer.from(String(fields['CiphertextBlob']), 'base64'),
      context,
    )
    return open === null
      ? error('InvalidCiphertextException')
      : { status: 200, json: { KeyId: arn, Plaintext: open.toString('base64') } }
  })
  return {
    ...server,
    usable: () => [...keys.values()].filter(({ deletionAt }) => deletionAt === null).length,
    passTime() {
      for (const [arn, { deletionAt }] of keys) if (deletionAt !== null) keys.delete(arn)
    },
  }
}

/** Computes the signature anew from what arrived, over exactly the headers that it names. */
function isSigned(
  request: http.IncomingMessage,
  body: string,
  accessKeyId: string,
  secret: string,
): boolean {
  const said =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  const [, id, day = '', region = '', signed = '', signature = ''] = said ?? []
  const at = String(request.headers['x-amz-date'])
  const names = signed.split(';')
  if (id !== accessKeyId || !at.startsWith(day)) return false
  if (!['host', 'x-amz-date', 'x-amz-target'].every((name) => names.includes(name))) return false
  const sha256 = (text: string) => crypto.createHash('sha256').update(text).digest('hex')
  const mac = (key: crypto.BinaryLike, text: string) =>
    crypto.createHmac('sha256', key).update(text).digest()
  let canonical = `POST\n${request.url ?? ''}\n\n`
  for (const name of names) canonical += `${name}:${String(request.headers[name]).trim()}\n`
  canonical += `\n${signed}\n${sha256(body)}`
  const toSign = `AWS4-HMAC-SHA256\n${at}\n${day}/${region}/kms/aws4_request\n${sha256(canonical)}`
  const key = mac(mac(mac(mac(`AWS4${secret}`, day), region), 'kms'), 'aws4_request')
  return mac(key, toSign).toString('hex') === signature
}
