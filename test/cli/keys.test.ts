/** `sallyport keys` on a stopped hub: what is shown, split, put together and changed. */

import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

import { fileHolder } from '@sallyport/store/keystore/file-holder'
import { recoverHeld } from '@sallyport/store/keystore/folders'
import { startVault } from '@sallyport/store/keystore/holder-servers'
import { splitRoot } from '@sallyport/store/keystore/shares'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sallyport } from '../support/command.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const words = 'correct horse battery staple'
let hub: TestHub
let capture: string
let folder: string

beforeAll(async () => {
  hub = await startTestHub()
  const bundle = (await enrolTestDevice(hub, 'lane-1')).bundle()
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  capture = bundle.manifest.bodies[0]!.id
  folder = path.join(hub.data, 'keys', 'keystore')
  await hub.stop()
})
afterAll(() => hub.remove())

function keys(parameters: readonly string[], input = '', passphrase?: string) {
  const environment = passphrase === undefined ? {} : { SALLYPORT_ROOT_PASSPHRASE: passphrase }
  return sallyport(['keys', ...parameters, '--data', hub.data], { input, environment })
}

function rootFiles(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('root-'))
}

/** The pages of a ceremony: for each share, Enter, and its end typed back. */
async function held(count: number, threshold: number, passphrase?: string): Promise<string[]> {
  // What has to be typed is not known before it is shown, so a wrong end comes first, and shows that
  // it is noticed; the input ends there.
  const first = await keys(
    ['ceremony', '--shares', `${count}`, '--threshold', `${threshold}`],
    '\nAAAA AAAA\n',
    passphrase,
  )
  expect(first.stderr).toContain('That is not what it says.')
  expect(first.code).toBe(2)
  return first.stdout.trim().split('\n')
}

async function opensAfterRestart(): Promise<number> {
  await hub.restart()
  const person = await hub.signIn(['supervisor'])
  const answer = await person.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'investigation', note: 'a test' }),
  })
  await hub.stop()
  return answer.status
}

test('status says that a root in clear opens everything, and what to do', async () => {
  const told = await keys(['status'])
  expect([told.code, told.stdout]).toEqual([0, expect.stringMatching(/in clear: .*rotate/)])
  expect((await keys(['status', '--json'])).json).toEqual([
    expect.objectContaining({ generation: 1, holder: 'file', root: 'clear', copies: [] }),
  ])
})

test('a ceremony that is broken off has shown one share and changed nothing', async () => {
  const before = rootFiles()
  const [share, ...others] = await held(3, 2)
  expect(share).toMatch(/^([A-Z2-7]{4}-)+[A-Z2-7]{1,4}$/)
  expect(others).toEqual([])
  expect(rootFiles()).toEqual(before)
})

describe('with shares of the root', () => {
  let shares: readonly string[]

  beforeAll(async () => {
    const holder = fileHolder({ folder, passphrase: () => Promise.resolve(null) })
    await recoverHeld(folder, holder)
    shares = await splitRoot(holder.root()!.key, 5, 3)
  })

  test('a lost root comes back from three of five, one of them mistyped first, and pictures open', async () => {
    for (const name of rootFiles()) rmSync(path.join(folder, name))
    await expect(hub.restart()).rejects.toMatchObject({ code: 'root_missing' })
    const lines = [shares[4]!, `${shares[1]!.slice(0, -1)}?`, shares[4]!, shares[1]!, shares[0]!]
    const recovered = await keys(['recover'], `${lines.join('\n')}\n`)
    expect([recovered.code, recovered.stdout]).toEqual([0, expect.stringContaining('is back')])
    expect(recovered.stderr).toContain('mistyped')
    expect(recovered.stderr).toContain('given already')
    expect(recovered.stdout + recovered.stderr).not.toContain(shares[0])
    expect(await opensAfterRestart()).toBe(201)
  })

  test('after a rotation they are worth nothing, and the old root is erased', async () => {
    const [before] = rootFiles()
    const rotated = await keys(['rotate', '--passphrase'], `${words}\n${words}\n`)
    expect([rotated.code, rotated.stderr.includes(words)]).toEqual([0, false])
    expect(existsSync(path.join(folder, before!))).toBe(false)
    expect(rootFiles()).toEqual([expect.stringMatching(/\.age$/)])
    await expect(hub.restart()).rejects.toMatchObject({ code: 'root_locked' })
    const useless = await keys(['recover'], `${shares.slice(0, 3).join('\n')}\n`)
    expect([useless.code, useless.stderr]).toEqual([1, expect.stringContaining('under')])
  })

  test('a sealed root is opened by its passphrase alone, and may lie in clear again', async () => {
    const wrong = await keys(['rotate', '--no-passphrase'], '', `${words}!`)
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining('passphrase')])
    const asked = await keys(['rotate', '--no-passphrase'], `${words}\n`)
    expect(asked.code, asked.stderr).toBe(0)
    expect(await opensAfterRestart()).toBe(201)
  })
})

test('a keystore that is there is not begun again; one that is lost only by a person’s own word', async () => {
  expect((await keys(['begin'], 'begin\n')).code).toBe(2)
  rmSync(folder, { recursive: true })
  await expect(hub.restart()).rejects.toMatchObject({ code: 'keystore_missing' })
  expect((await keys(['begin'], 'yes\n')).code).toBe(1)
  expect(readdirSync(folder)).toEqual([])
  expect((await keys(['begin'], 'begin\n')).code).toBe(0)
  expect(await opensAfterRestart()).toBe(422)
})

test('moved to Vault, the hub starts with it alone; with the old setting it says so and does not', async () => {
  const vault = await startVault('a-token-for-tests-only')
  try {
    const to = `vault:${vault.url}/transit`
    const moved = await sallyport(['keys', 'rotate', '--to', to, '--data', hub.data], {
      environment: { VAULT_TOKEN: 'a-token-for-tests-only' },
    })
    expect([moved.code, moved.stderr]).toEqual([0, expect.stringContaining('keystore_holder')])
    expect(rootFiles()).toEqual([])
    expect((await keys(['status', '--json'])).json).toMatchObject([{ holder: 'vault_transit' }])
    await expect(hub.restart()).rejects.toMatchObject({ code: 'other_holder' })
    const rotated = await sallyport(['keys', 'rotate', '--data', hub.data], {
      environment: { VAULT_TOKEN: 'a-token-for-tests-only', SALLYPORT_KEYSTORE_HOLDER: to },
    })
    expect(rotated.code, rotated.stderr).toBe(0)
    expect(vault.usable()).toBe(1)
  } finally {
    await vault.stop()
  }
})
