/**
 * The store key under an AES key in a PKCS#11 token (an HSM, a smart card, SoftHSM), one for each
 * generation, made in the token and never extractable: deleting it is what makes an old keystore
 * worthless, whoever has copied it. The token is reached through OpenSC's pkcs11-tool, so a vendor's
 * module never runs inside the hub.
 */

import { spawn } from 'node:child_process'
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import { type HeldKey, type Holder, KeystoreError, keystoreLimits } from './keystore.ts'

export type Pkcs11Options = {
  /** The vendor's library: `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly module: string
  readonly tokenLabel: string
  /** Has the PIN, under this name: an argument could be read in the list of processes. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

export const pkcs11PinName = 'SALLYPORT_PKCS11_PIN'

const ivBytes = 16
const storeKeyBytes = 32
const checkBytes = 32

type ToolAnswer = { readonly ok: boolean; readonly output: Buffer; readonly error: string }

/** Needs a user who may generate, use and destroy AES keys in the token, and AES-CBC in its module. */
export function pkcs11Holder({ module, tokenLabel, environment }: Pkcs11Options): Holder {
  const token = ['--module', module, '--token-label', tokenLabel]
  const login = ['--login', '--pin', `env:${pkcs11PinName}`]

  function tool(args: readonly string[], input?: Uint8Array): Promise<ToolAnswer> {
    return runTool([...token, ...login, ...args], environment, input)
  }

  async function done(what: string, args: readonly string[], input?: Uint8Array): Promise<Buffer> {
    const { ok, output, error } = await tool(args, input)
    if (ok) return output
    throw new KeystoreError('holder_away', `The token ${tokenLabel} did not ${what}: ${error}`)
  }

  async function hasKey(id: string): Promise<boolean> {
    const listed = await done('list its keys', ['--list-objects', '--type', 'secrkey', '--id', id])
    return new RegExp(`ID:\\s*${id}\\b`, 'i').test(listed.toString('latin1'))
  }

  return {
    kind: 'pkcs11',
    async protect(storeKey, generation) {
      const id = randomBytes(16).toString('hex')
      const label = `sallyport-${generation}`
      const attributes = ['--key-type', 'AES:32', '--sensitive', '--private']
      await done('make a key', ['--keygen', ...attributes, '--id', id, '--label', label])
      const iv = randomBytes(ivBytes)
      const cipher = ['--mechanism', 'AES-CBC', '--iv', iv.toString('hex'), '--id', id]
      const wrapped = await done('wrap the store key', ['--encrypt', ...cipher], storeKey)
      // A token that answers 0 and nothing must not become a keystore that never opens again.
      if (wrapped.length !== storeKeyBytes) throw notUnderstood(tokenLabel)
      return {
        holder: 'pkcs11',
        reference: id,
        wrapped: Buffer.concat([iv, wrapped, checkOf(storeKey, id)]),
      }
    },
    async recover({ reference, wrapped }: HeldKey) {
      const id = idOf(reference)
      if (wrapped.length !== ivBytes + storeKeyBytes + checkBytes) throw damaged()
      const iv = Buffer.from(wrapped.subarray(0, ivBytes)).toString('hex')
      const sealed = wrapped.subarray(ivBytes, ivBytes + storeKeyBytes)
      const opened = await tool(
        ['--decrypt', '--mechanism', 'AES-CBC', '--iv', iv, '--id', id],
        sealed,
      )
      if (!opened.ok) {
        if (!(await hasKey(id)))
          throw new KeystoreError(
            'store_key_missing',
            `The token ${tokenLabel} has no key ${id} (any more): what it guarded was destroyed.`,
          )
        throw new KeystoreError('holder_away', `The token ${tokenLabel}: ${opened.error}`)
      }
      const storeKey = opened.output
      if (storeKey.length !== storeKeyBytes) throw notUnderstood(tokenLabel)
      // CBC opens whatever was changed, to something else.
      const check = wrapped.subarray(ivBytes + storeKeyBytes)
      if (!timingSafeEqual(checkOf(storeKey, id), check)) throw damaged()
      return storeKey
    },
    async retire({ reference }) {
      const id = idOf(reference)
      const gone = await tool(['--delete-object', '--type', 'secrkey', '--id', id])
      if (!(await hasKey(id))) return { kind: 'gone' }
      throw new KeystoreError(
        'holder_away',
        `The token ${tokenLabel} still has the key ${id}. ${gone.error}`,
      )
    },
  }
}

/** Never rejects but for a tool that is not there. Its output holds a store key: it is never reported. */
function runTool(
  args: readonly string[],
  environment: Pkcs11Options['environment'],
  input: Uint8Array | undefined,
): Promise<ToolAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn('pkcs11-tool', args, {
      env: { ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: keystoreLimits.holderMsMax,
      killSignal: 'SIGKILL',
    })
    const output: Buffer[] = []
    let error = ''
    let bytes = 0
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > keystoreLimits.holderAnswerMax) child.kill('SIGKILL')
      else output.push(chunk)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (error.length < keystoreLimits.holderAnswerMax) error += text
    })
    // A tool that ends without reading is told apart by its exit.
    child.stdin.on('error', () => undefined)
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new KeystoreError(
          'holder_away',
          cause.code === 'ENOENT'
            ? 'keystore_holder pkcs11 needs pkcs11-tool. Install it: apt-get install opensc'
            : 'pkcs11-tool cannot be run.',
          cause,
        ),
      ),
    )
    child.on('close', (code) =>
      resolve({ ok: code === 0, output: Buffer.concat(output), error: errorIn(error) }),
    )
    child.stdin.end(input)
  })
}

/** The tool's own words, without its warnings. */
function errorIn(text: string): string {
  const lines = text.split('\n').filter((line) => /^(error:|sc_dlopen|No slot)/.test(line))
  return lines.join(' ').slice(0, 300) || 'It does not say why.'
}

function checkOf(storeKey: Uint8Array, id: string): Buffer {
  return createHmac('sha256', storeKey).update(`sallyport/pkcs11-store-key/v1\n${id}`).digest()
}

/** An id comes back from a file: nothing but an id becomes an argument. */
function idOf(reference: string): string {
  if (!/^[0-9a-f]{32}$/.test(reference)) throw damaged()
  return reference
}

function damaged(): KeystoreError {
  return new KeystoreError('keystore_damaged', 'The store key under the token was changed.')
}

function notUnderstood(tokenLabel: string): KeystoreError {
  return new KeystoreError(
    'holder_away',
    `The answer of the token ${tokenLabel} is not understood.`,
  )
}
