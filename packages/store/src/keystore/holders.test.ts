/** One suite for every holder of the store key: files, Vault's transit engine, AWS KMS, PKCS#11. */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { describe, expect, test } from 'vitest'

import { signAwsRequest } from './aws-signature.ts'
import { holderOf } from './holder-of.ts'
import { type HolderServer, startKms, startVault } from './holder-servers.ts'
import { newKekId, opened, scope, withFolder } from './keystore-fixture.ts'
import type { Holder, Keystore } from './keystore.ts'
import { openKeystore } from './open-keystore.ts'
import { hasToken, startToken, tokenPin } from './soft-token.ts'

const now = () => new Date('2026-11-22T10:00:00.000Z')
const credentials = {
  VAULT_TOKEN: 'a-token-for-tests-only',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'a-secret-for-tests-only',
  SALLYPORT_PKCS11_PIN: tokenPin,
}

type Bench = {
  readonly server: HolderServer | null
  readonly holder: (environment?: Record<string, string>) => Holder
  readonly open: (copies?: readonly string[]) => Promise<Keystore>
  readonly folder: string
}

type Shape = readonly [
  kind: string,
  start: (() => Promise<HolderServer>) | null,
  spec: (url: string) => string,
]

const shapes: readonly Shape[] = [
  ['file', null, () => 'file'],
  ['vault_transit', () => startVault(credentials.VAULT_TOKEN), (url) => `vault:${url}/transit`],
  [
    'aws_kms',
    () => startKms(credentials.AWS_ACCESS_KEY_ID, credentials.AWS_SECRET_ACCESS_KEY),
    (url) => `aws-kms:eu-central-1@${url}`,
  ],
]

const tokens: readonly Shape[] = [['pkcs11', startToken, (url) => `pkcs11:${url}`]]

describe.each(shapes)('%s', (...shape) => {
  contract(...shape)
})
describe.skipIf(!hasToken).each(tokens)(
  '%s (skipped unless Debian packages `opensc` and `softhsm2` are here)',
  (...shape) => {
    contract(...shape)
  },
)

function contract(...[kind, start, spec]: Shape): void {
  async function bench(use: (bench: Bench) => Promise<void>): Promise<void> {
    const server = (await start?.()) ?? null
    try {
      await withFolder(async (folder) => {
        const holder = (environment: Record<string, string> = credentials) =>
          holderOf(spec(server?.url ?? ''), {
            folder,
            passphrase: () => Promise.resolve(null),
            environment: { ...server?.environment, ...environment },
            now,
          })
        const open = (copies: readonly string[] = []) =>
          openKeystore({ folder, holder: holder(), now, copies })
        await use({ server, folder, holder, open })
      })
    } finally {
      await server?.stop()
    }
  }

  test('gives a store key back, after a restart too, and no other', async () => {
    await bench(async ({ holder }) => {
      const [one, two] = [crypto.randomBytes(32), crypto.randomBytes(32)]
      const first = await holder().protect(one, 1)
      const again = holder()
      expect(first.holder).toBe(kind)
      expect(Buffer.from(await again.recover(first))).toEqual(one)
      const second = await again.protect(two, 2)
      expect(Buffer.from(await again.recover(second))).toEqual(two)
      expect(Buffer.from(await again.recover(first))).toEqual(one)
    })
  })

  test('does not open what was changed', async () => {
    await bench(async ({ holder }) => {
      const mine = holder()
      const held = await mine.protect(crypto.randomBytes(32), 1)
      for (let at = held.wrapped.length - 30; at < held.wrapped.length - 2; at += 3) {
        const wrapped = Buffer.from(held.wrapped)
        wrapped[at] = (wrapped[at] ?? 0) === 0x41 ? 0x42 : 0x41
        await expect(mine.recover({ ...held, wrapped }), `${at}`).rejects.toMatchObject({
          code: 'keystore_damaged',
        })
      }
    })
  })

  test('a keystore of before a destruction does not open after it, with all its files put back', async () => {
    await bench(async ({ open, folder, server }) => {
      const keystore = await open()
      const [dying, living] = [newKekId(), newKekId()]
      await keystore.create(dying, scope)
      await keystore.create(living, { ...scope, class: 'plate' })
      const header = keystore.wrap(living, crypto.randomBytes(16))
      const before = fs
        .readdirSync(folder)
        .filter((name) => /^(keks|store)-/.test(name))
        .map((name) => [name, fs.readFileSync(path.join(folder, name))] as const)
      const { outstanding } = await keystore.destroy([dying])
      // AWS only promises: requested, and effective when the time has passed.
      expect(outstanding.map(({ holder }) => holder)).toEqual(kind === 'aws_kms' ? ['aws_kms'] : [])
      expect(keystore.stateOf(dying)).toBe(kind === 'aws_kms' ? 'retiring' : 'gone')
      server?.passTime()
      const effective = await keystore.confirm()
      expect(effective).toMatchObject([{ keks: [dying], outstanding: [] }])
      await keystore.settle(effective)
      await keystore.close()
      expect(opened(await open(), living, header)).toMatch(/^[0-9a-f]{32}$/)
      if (server !== null) expect(server.usable()).toBe(1)

      // Whoever copied everything but the holder's own key has nothing. The file holder's own key is
      // the root beside it: there it is the store key's file that is gone, and must not be copied.
      for (const name of fs.readdirSync(folder)) {
        if (/^(keks|store)-/.test(name)) fs.rmSync(path.join(folder, name))
      }
      for (const [name, bytes] of before) {
        if (kind !== 'file' || name.startsWith('keks-'))
          fs.writeFileSync(path.join(folder, name), bytes)
      }
      await expect(open()).rejects.toMatchObject({ code: 'store_key_missing' })
    })
  })

  test.skipIf(start === null)('is away: nothing opens, nothing is half destroyed', async () => {
    await bench(async ({ open, server, holder, folder }) => {
      const keystore = await open()
      const id = newKekId()
      await keystore.create(id, scope)
      const header = keystore.wrap(id, crypto.randomBytes(16))
      await server?.stop()
      await expect(open()).rejects.toMatchObject({ code: 'holder_away' })
      // No store key can be made to take the place of this one.
      await expect(keystore.destroy([id])).rejects.toMatchObject({ code: 'holder_away' })
      expect(opened(keystore, id, header)).toMatch(/^[0-9a-f]{32}$/)
      expect(fs.readdirSync(folder).filter((name) => name.startsWith('keks-'))).toHaveLength(1)
      expect(() => holder({})).toThrow('in the environment')
    }).catch((error: unknown) => {
      // The bench stops the server once more.
      if (!String(error).includes('ERR_SERVER_NOT_RUNNING')) throw error
    })
  })

  test.skipIf(start === null)('refuses another credential', async () => {
    await bench(async ({ holder }) => {
      const stranger = holder({
        ...credentials,
        VAULT_TOKEN: 'another',
        AWS_SECRET_ACCESS_KEY: 'another',
        SALLYPORT_PKCS11_PIN: '0000',
      })
      await expect(stranger.protect(crypto.randomBytes(32), 1)).rejects.toMatchObject({
        code: 'holder_away',
      })
    })
  })
}

test('the AWS signature is that of their published case post-vanilla', () => {
  const signed = signAwsRequest(
    {
      host: 'example.amazonaws.com',
      region: 'us-east-1',
      service: 'service',
      body: '',
      headers: {},
    },
    {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    },
    new Date('2015-08-30T12:36:00.000Z'),
  )
  expect(signed['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  )
})
