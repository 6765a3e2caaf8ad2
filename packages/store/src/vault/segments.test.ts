import { createHash, randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openVault, type VaultReader, vaultReader } from './segments.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sallyport-vault-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const segment = () => path.join(directory, 'segment-000001.seg')

function body(bytes = 1000) {
  const content = randomBytes(bytes)
  return { sha256: sha256(content), body: content }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

test('what was appended is read back, also after the vault was opened again', async () => {
  const bodies = [body(1), body(70_000), body(0)]
  const vault = await openVault(directory)
  const places = await vault.append(bodies)
  await vault.close()
  const again = await openVault(directory)
  for (const [index, place] of places.entries()) {
    expect(await again.read(place, bodies[index]?.sha256 ?? Buffer.alloc(0))).toEqual({
      kind: 'body',
      body: bodies[index]?.body,
    })
  }
  await again.close()
})

test('concurrent appends never overlap', async () => {
  const vault = await openVault(directory)
  const bodies = Array.from({ length: 50 }, (_, index) => body(100 + index))
  const places = await Promise.all(bodies.map(async (one) => (await vault.append([one]))[0]))
  for (const [index, place] of places.entries()) {
    if (place === undefined) throw new Error('no place')
    expect((await vault.read(place, bodies[index]?.sha256 ?? Buffer.alloc(0))).kind).toBe('body')
  }
  await vault.close()
})

test('a record torn by a crash at any byte stays out of the way of the next one', async () => {
  const vault = await openVault(directory)
  const first = body(100)
  const [place] = await vault.append([first])
  await vault.append([body(100)])
  await vault.close()
  const whole = await readFile(segment())
  for (let cut = 140; cut < 280; cut += 7) {
    await writeFile(segment(), whole.subarray(0, cut))
    const reopened = await openVault(directory)
    const next = body(10)
    const [after] = await reopened.append([next])
    if (place === undefined || after === undefined) throw new Error('no place')
    expect(after.segment, `cut at ${cut}`).toBe(cut === 140 ? 1 : 2)
    expect((await reopened.read(place, first.sha256)).kind).toBe('body')
    expect((await reopened.read(after, next.sha256)).kind).toBe('body')
    await reopened.close()
    await rm(path.join(directory, 'segment-000002.seg'), { force: true })
  }
})

test.each([
  ['magic', 2],
  ['length', 5],
])('a changed byte in the %s of a record costs no record behind it', async (_name, at) => {
  const vault = await openVault(directory)
  const bodies = [body(300), body(400), body(500)]
  const places = await vault.append(bodies)
  await vault.close()
  const bytes = await readFile(segment())
  bytes[at] = (bytes[at] ?? 0) ^ 0x40
  await writeFile(segment(), bytes)
  const reopened = await openVault(directory)
  const [after] = await reopened.append([body(10)])
  expect(after?.segment).toBe(2)
  for (const [index, place] of places.entries()) {
    expect((await reopened.read(place, bodies[index]?.sha256 ?? Buffer.alloc(0))).kind).toBe('body')
  }
  await reopened.close()
})

/** Positions of the bodies of segment 1, and words for what is damaged between them. */
async function seenIn(vault: VaultReader): Promise<readonly (number | string)[]> {
  const seen: (number | string)[] = []
  for await (const one of vault.records(1)) {
    if (one.kind === 'record') seen.push(one.place.position)
    else seen.push(`damage ${one.position} to ${one.until}${one.last ? ', the last' : ''}`)
  }
  return seen
}

test.each([
  ['the magic', 0, (byte: number) => byte ^ 1],
  ['the length, longer than the segment', 4, () => 0x7f],
  ['the length, a little longer', 7, (byte: number) => byte + 1],
  ['the length, shorter', 6, () => 0],
])('a damaged head is named and the walk goes on behind it: %s', async (_name, at, change) => {
  const vault = await openVault(directory)
  await vault.append([body(300), body(400), body(500)])
  await vault.close()
  const sound = await readFile(segment())
  const second = 340
  for (const [place, expected] of [
    [0, [`damage 0 to ${second}`, 380, 820]],
    [second, [40, `damage ${second} to 780`, 820]],
    [780, [40, 380, 'damage 780 to 1320, the last']],
  ] as const) {
    const bytes = Buffer.from(sound)
    bytes[place + at] = change(bytes[place + at] ?? 0)
    await writeFile(segment(), bytes)
    expect(await seenIn(vaultReader(directory))).toEqual(expected)
  }
})

test('a body that holds the beginning of a record is not taken for one', async () => {
  const vault = await openVault(directory)
  const inner = Buffer.concat([Buffer.from('SPV1'), Buffer.from([0, 0, 0, 9]), Buffer.alloc(200)])
  await vault.append([body(100), { sha256: sha256(inner), body: inner }, body(100)])
  await vault.close()
  const bytes = await readFile(segment())
  bytes[140] = 0
  await writeFile(segment(), bytes)
  expect(await seenIn(vaultReader(directory))).toEqual([40, 'damage 140 to 388', 428])
})

test('who only reads makes and changes nothing', async () => {
  const vault = await openVault(directory)
  await vault.append([body(100)])
  await vault.close()
  await appendFile(segment(), 'half a record')
  const before = await readFile(segment())
  const reader = vaultReader(directory)
  expect(await seenIn(reader)).toEqual([40, 'damage 140 to 153, the last'])
  expect(await readFile(segment())).toEqual(before)
  await rm(directory, { recursive: true })
  expect(await reader.segments()).toEqual([])
})

test('one changed byte of a body is damage, not a picture', async () => {
  const vault = await openVault(directory)
  const one = body()
  const [place] = await vault.append([one])
  const bytes = await readFile(segment())
  bytes[500] = (bytes[500] ?? 0) ^ 1
  await writeFile(segment(), bytes)
  if (place === undefined) throw new Error('no place')
  expect((await vault.read(place, one.sha256)).kind).toBe('damaged')
  await truncate(segment(), 200)
  expect((await vault.read(place, one.sha256)).kind).toBe('damaged')
  await rm(segment())
  expect((await vault.read(place, one.sha256)).kind).toBe('missing')
  await vault.close()
})

test('records are listed in order with their hashes, and foreign bytes at the end are not', async () => {
  const vault = await openVault(directory)
  const bodies = [body(10), body(20)]
  await vault.append(bodies)
  await appendFile(segment(), 'not a record')
  const seen = []
  for await (const record of vault.records(1))
    if (record.kind === 'record') seen.push(Buffer.from(record.sha256).toString('hex'))
  expect(seen).toEqual(bodies.map((one) => one.sha256.toString('hex')))
  expect((await stat(segment())).size).toBe(40 + 10 + 40 + 20 + 12)
  await vault.close()
})
