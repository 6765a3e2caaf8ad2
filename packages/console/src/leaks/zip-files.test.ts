import { expect, test } from 'vitest'

import { zip } from '../../../../test/support/zip.ts'
import { filesInZip, type Found } from './zip-files.ts'

async function all(archive: Buffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const one of filesInZip(new Blob([new Uint8Array(archive)]), 'a.zip'))
    found[one.name] = textOf(one)
  return found
}

function textOf(found: Found): string {
  return 'unread' in found ? found.unread : new TextDecoder().decode(found.bytes.subarray(0, 20))
}

const pack = (name: string, bytes: Buffer) => zip([{ name, bytes }])

test('a dump is unpacked down to the third archive; deeper, encrypted, lying and broken ones are named', async () => {
  const third = pack('third.jpg', Buffer.from('three deep'))
  const fourth = pack('c.zip', pack('d.zip', pack('fourth.jpg', Buffer.from('four deep'))))
  const dump = zip([
    { name: 'plain.jpg', bytes: Buffer.from('one deep') },
    { name: 'b.zip', bytes: pack('c.zip', third) },
    { name: 'deep.zip', bytes: fourth },
    { name: 'secret.jpg', bytes: Buffer.from('x'), encrypted: true },
    { name: 'lies.jpg', bytes: Buffer.alloc(4_000_000), says: 10 },
    { name: 'huge.jpg', bytes: Buffer.from('x'), says: 3_000_000_000 },
    { name: 'broken.zip', bytes: Buffer.from('no archive') },
  ])
  expect(await all(dump)).toEqual({
    'a.zip!plain.jpg': 'one deep',
    'a.zip!b.zip!c.zip!third.jpg': 'three deep',
    'a.zip!deep.zip!c.zip!d.zip': 'nested_too_deep',
    'a.zip!secret.jpg': 'encrypted',
    'a.zip!lies.jpg': 'unreadable',
    'a.zip!huge.jpg': 'too_large',
    'a.zip!broken.zip': 'unreadable',
  })
})

test('a file that grows a thousandfold is a bomb, and nothing behind it is unpacked', async () => {
  const bomb = zip([
    { name: 'bomb.jpg', bytes: Buffer.alloc(40 * 1024 * 1024), says: 1_000 },
    { name: 'next.jpg', bytes: Buffer.from('next') },
  ])
  expect(bomb.length).toBeLessThan(100_000)
  expect(await all(bomb)).toEqual({ 'a.zip!bomb.jpg': 'bomb', 'a.zip!next.jpg': 'bomb' })
})

test('an archive cut at any byte is unreadable or gives what is whole, and never hangs', async () => {
  const whole = zip([
    { name: 'a.jpg', bytes: Buffer.from('first') },
    { name: 'b.jpg', bytes: Buffer.from('second') },
  ])
  for (let length = 0; length < whole.length; length++) {
    const values = Object.values(await all(whole.subarray(0, length)))
    expect(values).toEqual(['unreadable'])
  }
})
