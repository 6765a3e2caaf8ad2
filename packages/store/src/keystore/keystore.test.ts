import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { describe, expect, test } from 'vitest'

import { fileHolder } from './file-holder.ts'
import { failingFiles, newKekId, open, opened, scope, withFolder } from './keystore-fixture.ts'

const fileKey = crypto.randomBytes(16)
const words = 'correct horse battery staple'
const passphrase = () => Promise.resolve(words)

describe('a keystore that was put back after a destruction', () => {
  async function destroyedAfterCopy(folder: string) {
    const keystore = await open(folder)
    const id = newKekId()
    await keystore.create(id, scope)
    const kept = newKekId()
    await keystore.create(kept, { ...scope, class: 'plate' })
    const header = keystore.wrap(id, fileKey)
    const place = path.join(folder, 'keystore')
    const [file] = fs.readdirSync(place).filter((name) => name.startsWith('keks-'))
    const yesterday = fs.readFileSync(path.join(place, file!))
    await keystore.destroy([id])
    await keystore.close()
    return { id, kept, header, place, file: file!, yesterday }
  }

  test('beside the newest one is erased, and the KEK stays gone', async () => {
    await withFolder(async (folder) => {
      const { id, kept, header, place, file, yesterday } = await destroyedAfterCopy(folder)
      fs.writeFileSync(path.join(place, file), yesterday)
      const keystore = await open(folder)
      expect(opened(keystore, id, header)).toBe('no such KEK')
      expect(keystore.list().map((one) => one.id)).toEqual([kept])
      expect(fs.existsSync(path.join(place, file))).toBe(false)
    })
  })

  test('instead of the newest one does not open', async () => {
    await withFolder(async (folder) => {
      const { place, file, yesterday } = await destroyedAfterCopy(folder)
      for (const name of fs.readdirSync(place).filter((one) => one.startsWith('keks-')))
        fs.rmSync(path.join(place, name))
      fs.writeFileSync(path.join(place, file), yesterday)
      await expect(open(folder)).rejects.toMatchObject({ code: 'store_key_missing' })
    })
  })

  test('under the name of the newest one does not open', async () => {
    await withFolder(async (folder) => {
      const { place, yesterday } = await destroyedAfterCopy(folder)
      const [newest] = fs.readdirSync(place).filter((one) => one.startsWith('keks-'))
      fs.writeFileSync(path.join(place, newest!), yesterday)
      await expect(open(folder)).rejects.toMatchObject({ code: 'keystore_damaged' })
    })
  })

  test('leaves no old store key on the disk that would open it', async () => {
    await withFolder(async (folder) => {
      const { place } = await destroyedAfterCopy(folder)
      expect(fs.readdirSync(place).filter((name) => name.startsWith('store-'))).toEqual([
        'store-0000000002.key',
      ])
    })
  })
})

test('killed between overwriting an old store key and unlinking it, the next start erases it', async () => {
  await withFolder(async (folder) => {
    const keystore = await open(folder)
    const id = newKekId()
    await keystore.create(id, scope)
    const place = path.join(folder, 'keystore')
    await keystore.destroy([id])
    await keystore.close()
    fs.writeFileSync(path.join(place, 'store-0000000001.key'), crypto.randomBytes(150))
    const reports: string[] = []
    const again = await open(folder, { reports })
    expect(reports).toEqual([])
    expect(fs.existsSync(path.join(place, 'store-0000000001.key'))).toBe(false)
    await again.settle(await again.confirm())
    expect(again.status().pending).toEqual([])
  })
})

describe('a passphrase', () => {
  test('opens its root; none or another one does not, and says which', async () => {
    await withFolder(async (folder) => {
      const keystore = await open(folder, { passphrase })
      const id = newKekId()
      await keystore.create(id, scope)
      const header = keystore.wrap(id, fileKey)
      const again = await open(folder, { passphrase })
      expect(opened(again, id, header)).toBe(fileKey.toString('hex'))
      await expect(open(folder)).rejects.toMatchObject({ code: 'root_locked' })
      await expect(
        open(folder, { passphrase: () => Promise.resolve(`${words} `) }),
      ).rejects.toMatchObject({ code: 'wrong_passphrase' })
    })
  })

  test('no KEK, store key or root lies in clear in any file', async () => {
    await withFolder(async (folder) => {
      const keystore = await open(folder, { passphrase })
      await keystore.create(newKekId(), scope)
      for (const name of fs.readdirSync(path.join(folder, 'keystore'))) {
        const text = fs.readFileSync(path.join(folder, 'keystore', name), 'latin1')
        expect(text, name).not.toContain('north-bridge')
        expect(/root-[0-9a-f]+\.key$/.test(name), name).toBe(false)
      }
    })
  })
})

test('a root that is gone is told apart from a damaged one', async () => {
  await withFolder(async (folder) => {
    await (await open(folder)).create(newKekId(), scope)
    const place = path.join(folder, 'keystore')
    const [root] = fs.readdirSync(place).filter((name) => name.startsWith('root-'))
    const key = fs.readFileSync(path.join(place, root!), 'utf8')
    fs.writeFileSync(path.join(place, root!), `${key.startsWith('0') ? '1' : '0'}${key.slice(1)}`)
    await expect(open(folder)).rejects.toMatchObject({ code: 'keystore_damaged' })
    fs.rmSync(path.join(place, root!))
    await expect(open(folder)).rejects.toMatchObject({ code: 'root_missing' })
  })
})

test.each(['keks-0000000001', 'store-0000000001.key'])(
  'one bit flipped in %s is noticed, wherever it is',
  async (name) => {
    await withFolder(async (folder) => {
      await (await open(folder)).create(newKekId(), scope)
      const file = path.join(folder, 'keystore', name)
      const sound = fs.readFileSync(file)
      for (let at = 0; at < sound.length - 1; at += 7) {
        const changed = Buffer.from(sound)
        changed[at]! ^= 1 << (at % 8)
        fs.writeFileSync(file, changed)
        await expect(open(folder), `byte ${at}`).rejects.toMatchObject({
          name: 'KeystoreError',
        })
      }
      fs.writeFileSync(file, sound)
      await open(folder)
    })
  },
)

describe('a copy on another disk', () => {
  test('that is away keeps a destruction from being effective until it is back', async () => {
    await withFolder(async (folder) => {
      const copy = path.join(folder, 'usb')
      fs.mkdirSync(copy)
      const keystore = await open(folder, { copies: [copy] })
      const id = newKekId()
      await keystore.create(id, scope)
      expect(fs.readdirSync(copy).toSorted()).toEqual(['keks-0000000001', 'store-0000000001.key'])
      fs.renameSync(copy, `${copy}-away`)
      expect((await keystore.destroy([id])).outstanding).toEqual([
        { holder: `copy:${copy}`, until: null },
      ])
      expect(await keystore.confirm()).toEqual([])
      // Not made anew either: that would be a folder on the hub's own disk.
      expect(fs.existsSync(copy)).toBe(false)
      await keystore.close()
      const restarted = await open(folder, { copies: [copy] })
      expect(restarted.status().pending).toHaveLength(1)
      fs.renameSync(`${copy}-away`, copy)
      expect(restarted.stateOf(id)).toBe('retiring')
      const effective = await restarted.confirm()
      expect(effective).toMatchObject([{ keks: [id], outstanding: [] }])
      expect(restarted.stateOf(id)).toBe('gone')
      // Whoever was told may have crashed before it was logged: told again, until it is settled.
      expect(await restarted.confirm()).toEqual(effective)
      await restarted.settle(effective)
      expect(await restarted.confirm()).toEqual([])
      expect(restarted.status().pending).toEqual([])
      expect(fs.readdirSync(copy).toSorted()).toEqual(['keks-0000000002', 'store-0000000002.key'])
    })
  })

  test('brings a lost keystore back, with the root', async () => {
    await withFolder(async (folder) => {
      const copy = path.join(folder, 'usb')
      fs.mkdirSync(copy)
      const keystore = await open(folder, { copies: [copy] })
      const id = newKekId()
      await keystore.create(id, scope)
      const header = keystore.wrap(id, fileKey)
      const place = path.join(folder, 'keystore')
      for (const name of fs.readdirSync(place).filter((one) => !one.startsWith('root-')))
        fs.rmSync(path.join(place, name))
      fs.cpSync(copy, place, { recursive: true })
      expect(opened(await open(folder), id, header)).toBe(fileKey.toString('hex'))
    })
  })
})

test('the KEK made last for a scope is the one for new seals, and holds have their own', async () => {
  await withFolder(async (folder) => {
    const keystore = await open(folder)
    const [first, second, hold] = [newKekId(), newKekId(), newKekId()] as const
    await keystore.create(first, scope)
    await keystore.create(second, scope)
    await keystore.create(hold, { ...scope, use: 'hold' })
    expect(keystore.newest(scope)?.id).toBe(second)
    expect(keystore.newest({ ...scope, use: 'hold' })?.id).toBe(hold)
    expect(keystore.newest({ ...scope, day: '2026-11-23' })).toBeNull()
    await keystore.destroy([second])
    expect(keystore.newest(scope)?.id).toBe(first)
  })
})

describe('a disk that fails', () => {
  test('while a KEK is made: it is not there, the others are, and the next one is taken', async () => {
    await withFolder(async (folder) => {
      const before = await open(folder)
      const old = newKekId()
      await before.create(old, scope)
      const { files } = failingFiles(2, 'ENOSPC')
      const keystore = await open(folder, { files })
      const lost = newKekId()
      await expect(keystore.create(lost, scope)).rejects.toMatchObject({ code: 'ENOSPC' })
      expect(keystore.list().map(({ id }) => id)).toEqual([old])
      const next = newKekId()
      await keystore.create(next, scope)
      const again = await open(folder)
      expect(again.list().map(({ id }) => id)).toEqual([old, next])
    })
  })

  test('at any operation of a destruction: whole or refused, and effective in the end', async () => {
    let refused = 0
    for (let nth = 1; ; nth++) {
      const finished = await withFolder(async (folder) => {
        const before = await open(folder)
        const [dying, living] = [newKekId(), newKekId()]
        await before.create(dying, scope)
        await before.create(living, scope)
        const headers = [before.wrap(dying, fileKey), before.wrap(living, fileKey)] as const
        const { files, operations } = failingFiles(nth, 'EIO', true)
        const keystore = await open(folder, { files }).catch(() => null)
        const destruction = await keystore?.destroy([dying]).catch(() => null)
        if (keystore !== null && destruction === null) {
          refused += 1
          expect(opened(keystore, dying, headers[0]), `${nth}`).toBe(fileKey.toString('hex'))
        }
        const again = await open(folder)
        expect(opened(again, living, headers[1]), `${nth}`).toBe(fileKey.toString('hex'))
        const wanted =
          keystore === null || destruction === null ? fileKey.toString('hex') : 'no such KEK'
        expect(opened(again, dying, headers[0]), `${nth}`).toBe(wanted)
        const effective = await again.confirm()
        if (destruction) expect(effective, `${nth}`).toMatchObject([{ keks: [dying] }])
        await again.settle(effective)
        expect(again.status().pending, `${nth}`).toEqual([])
        expect((await again.destroy([dying])).outstanding).toEqual([])
        return operations() < nth
      })
      if (finished) break
    }
    expect(refused).toBeGreaterThan(0)
  })
})

test('moved under another root, the keystore opens with it alone', async () => {
  await withFolder(async (folder) => {
    const keystore = await open(folder)
    const id = newKekId()
    await keystore.create(id, scope)
    const header = keystore.wrap(id, fileKey)
    const before = keystore.status().reference
    const place = path.join(folder, 'keystore')
    const sealed = fileHolder({ folder: place, passphrase, fresh: true, workFactor: 8 })
    await keystore.rotate(sealed)
    await sealed.eraseOthers()
    expect(keystore.status().reference).not.toBe(before)
    expect(opened(keystore, id, header)).toBe(fileKey.toString('hex'))
    expect(fs.readdirSync(place).filter((name) => name.endsWith('.key'))).toEqual([
      'store-0000000002.key',
    ])
    await expect(open(folder)).rejects.toMatchObject({ code: 'root_locked' })
    expect(opened(await open(folder, { passphrase }), id, header)).toBe(fileKey.toString('hex'))
  })
})
