import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { parseBundle } from '@sallyport/proof/bundle'
import { noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { generateSigningKey } from '@sallyport/proof/node/ed25519'
import { generateIdentity } from '@sallyport/proof/node/seal'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { durableFiles } from './durable-files.ts'
import { composeGap } from './sealing.ts'
import { type Composed, type Link, type Spool, foundSpool, openSpool } from './spool.ts'

let directory = ''

beforeEach(() => {
  directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'spool-')), 'spool')
})

afterEach(() => fs.rmSync(path.dirname(directory), { recursive: true, force: true }))

const { privateKey } = generateSigningKey()
const { recipient } = generateIdentity()
const at = new Date('2026-11-22T08:00:00.000Z')

/** A manifest without bodies is enough to be spooled. */
function compose(link: Link): Composed {
  const instant = at.toISOString()
  const signer = {
    device: 'd'.repeat(32),
    lane: 'l',
    port: 'p',
    boot: 'b'.repeat(32),
    bootMonotonicMs: 0,
    signingSeed: privateKey,
  }
  const gap = {
    reason: 'spool_full' as const,
    dropped: { scene: link.sequence },
    from: instant,
    to: instant,
  }
  return composeGap(
    gap,
    { day: '2026-11-22', recipient },
    { crossing: 'c'.repeat(32), now: at, monotonicMs: 0 },
    link,
    signer,
  )
}

async function opened(files = durableFiles): Promise<Spool> {
  const result = await openSpool(directory, files)
  if (result.kind === 'refused') throw new Error(result.detail)
  return result.spool
}

async function manifestsOf(spool: Spool, sequences: readonly number[]) {
  return Promise.all(
    sequences.map(async (sequence) => {
      const bundle = parseBundle(await spool.read(sequence))
      if (bundle.kind === 'refused') throw new Error(bundle.detail)
      return { ...bundle.manifest, sha256: sha256Hex(bundle.manifestBytes) }
    }),
  )
}

test('appended bundles form a chain, oldest first, and survive a restart', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await Promise.all([1, 2, 3].map(() => spool.append(compose, at)))
  const again = await opened()
  expect(again.oldest()?.sequence).toBe(1)
  expect(again.usage()).toMatchObject({ bundles: 3 })
  const [first, second, third] = await manifestsOf(again, [1, 2, 3])
  expect(first?.previous).toBe(noPrevious)
  expect(second?.previous).toBe(first?.sha256)
  expect(third?.previous).toBe(second?.sha256)
})

test('the chain goes on after everything was sent and the process restarted', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await spool.append(compose, at)
  const [first] = await manifestsOf(spool, [1])
  await spool.acknowledged(1)
  expect(spool.oldest()).toBeNull()
  const again = await opened()
  expect((await again.append(compose, at)).sequence).toBe(2)
  expect((await manifestsOf(again, [2]))[0]?.previous).toBe(first?.sha256)
})

test('killed after the bundle was durable and before the state was: it counts', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await spool.append(compose, at)
  const stateOfOne = fs.readFileSync(path.join(directory, 'state.json'))
  await spool.append(compose, at)
  fs.writeFileSync(path.join(directory, 'state.json'), stateOfOne)
  const again = await opened()
  expect(again.usage().bundles).toBe(2)
  expect((await again.append(compose, at)).sequence).toBe(3)
  const [, second, third] = await manifestsOf(again, [1, 2, 3])
  expect(third?.previous).toBe(second?.sha256)
})

test('killed while writing: the half is removed and the number was not used', async () => {
  await foundSpool(directory, durableFiles)
  await (await opened()).append(compose, at)
  fs.writeFileSync(path.join(directory, '0000000000000002.spb.tmp'), 'half')
  const again = await opened()
  expect(fs.readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect((await again.append(compose, at)).sequence).toBe(2)
})

test('a disk that is full rejects the append, loses nothing and wastes no number', async () => {
  await foundSpool(directory, durableFiles)
  let full: string | null = null
  const spool = await opened({
    ...durableFiles,
    write(file, bytes) {
      const hit = full !== null && file.endsWith(full)
      return hit
        ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
        : durableFiles.write(file, bytes)
    },
  })
  await spool.append(compose, at)
  for (const victim of ['.spb', 'state.json']) {
    full = victim
    await expect(spool.append(compose, at)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(spool.usage().bundles).toBe(1)
    full = null
  }
  expect((await spool.append(compose, at)).sequence).toBe(2)
  const again = await opened()
  const [first, second] = await manifestsOf(again, [1, 2])
  expect(second?.previous).toBe(first?.sha256)
})

test('a compose that throws leaves the spool as it was', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await expect(
    spool.append(() => {
      throw new Error('bug')
    }, at),
  ).rejects.toThrow('bug')
  expect((await spool.append(compose, at)).sequence).toBe(1)
})

test('what the hub refuses is kept aside, counts as used space, and the next one is sent', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await spool.append(compose, at)
  const before = spool.usage().bytes
  await spool.append(compose, at)
  await spool.refused(1)
  expect(spool.oldest()?.sequence).toBe(2)
  expect(fs.readdirSync(path.join(directory, 'refused'))).toEqual(['0000000000000001.spb'])
  expect(spool.usage().bytes).toBeGreaterThan(before)
  expect((await opened()).usage().bytes).toBe(spool.usage().bytes)
})

test('drops are counted across restarts until they are signed for', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  const [nine, ten] = [new Date('2026-11-22T09:00:00.000Z'), new Date('2026-11-22T10:00:00.000Z')]
  await spool.noteDropped('spool_full', ['scene', 'plate', 'reads'], ten)
  await spool.noteDropped('no_epoch', ['scene', 'reads'], ten)
  await spool.noteDropped('spool_full', ['scene'], nine)
  const again = await opened()
  const unsealed = {
    reason: 'no_epoch',
    dropped: { scene: 1, reads: 1 },
    from: ten.toISOString(),
    to: ten.toISOString(),
  }
  expect(again.pendingGaps).toEqual([
    {
      reason: 'spool_full',
      dropped: { scene: 2, plate: 1, reads: 1 },
      from: nine.toISOString(),
      to: ten.toISOString(),
    },
    unsealed,
  ])
  await again.append(compose, at, 'spool_full')
  expect((await opened()).pendingGaps).toEqual([unsealed])
})

test('a lane that is brought up to date keeps its place in the chain and its pending gap', async () => {
  await foundSpool(directory, durableFiles)
  const gap = { dropped: { plate: 4 }, from: at.toISOString(), to: at.toISOString() }
  fs.writeFileSync(
    path.join(directory, 'state.json'),
    JSON.stringify({ version: 1, sequence: 7, previous: 'a'.repeat(64), gap }),
  )
  const spool = await opened()
  expect(spool.pendingGaps).toEqual([{ reason: 'spool_full', ...gap }])
  expect((await spool.append(compose, at, 'spool_full')).sequence).toBe(8)
  expect((await opened()).pendingGaps).toEqual([])
})

test('a gap that was signed before the kill is not signed for again', async () => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await spool.noteDropped('spool_full', ['scene'], at)
  const pending = fs.readFileSync(path.join(directory, 'state.json'))
  await spool.append(compose, at, 'spool_full')
  fs.writeFileSync(path.join(directory, 'state.json'), pending)
  expect((await opened()).pendingGaps).toEqual([])
})

test.each([
  ['missing', null],
  ['empty', ''],
  ['not ours', '{"version":3}'],
])(
  'a state that is %s is refused: beginning again at 1 would look like a forger',
  async (_, content) => {
    await foundSpool(directory, durableFiles)
    const file = path.join(directory, 'state.json')
    if (content === null) fs.rmSync(file)
    else fs.writeFileSync(file, content)
    expect(await openSpool(directory, durableFiles)).toMatchObject({
      kind: 'refused',
      code: 'spool_damaged',
    })
  },
)

test.each([
  ['damaged', (bytes: Uint8Array) => bytes.subarray(0, 40), 2],
  ['of another sequence', (bytes: Uint8Array) => bytes, 5],
])('an unaccounted bundle that is %s is refused, not skipped', async (_, change, sequence) => {
  await foundSpool(directory, durableFiles)
  const spool = await opened()
  await spool.append(compose, at)
  const name = `${String(sequence).padStart(16, '0')}.spb`
  fs.writeFileSync(path.join(directory, name), change(await spool.read(1)))
  expect(await openSpool(directory, durableFiles)).toMatchObject({ code: 'spool_damaged' })
})

test('files of the spool are for their owner alone', async () => {
  await foundSpool(directory, durableFiles)
  await (await opened()).append(compose, at)
  const mode = (name: string): number => fs.statSync(path.join(directory, name)).mode & 0o777
  expect([mode('.'), mode('state.json'), mode('0000000000000001.spb')]).toEqual([
    0o700, 0o600, 0o600,
  ])
})
