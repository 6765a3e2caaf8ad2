/** A witness under races, crashes, full disks and damage: what it cosigned it never contradicts. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import { openCheckpoint, signCheckpoint } from '@sallyport/proof/checkpoint'
import { emptyRoot } from '@sallyport/proof/merkle'
import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { parseVkey } from '@sallyport/proof/note'
import { proveGrowth } from '@sallyport/proof/prove'
import type { TileReader } from '@sallyport/proof/tiles'
import { cosigner, openCosignatures } from '@sallyport/proof/tlog-cosignature'
import { formatAddCheckpoint } from '@sallyport/proof/tlog-witness'
import { emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'
import { describe, expect, test } from 'vitest'

import { type DurableFiles, nodeFiles } from '../log/durable-files.ts'
import { failingFiles, origin, signer, withFolder } from '../log/log-fixture.ts'
import { type Witness, openWitness, originHash } from './witness-directory.ts'

const seed = new Uint8Array(32).fill(21)
const own = cosigner('witness.example/w1', 'ed25519', publicKeyOf(seed), (m) => sign(seed, m))
const logs = [parseVkey(signer.vkey)!]
const now = () => new Date('2026-11-22T10:00:00Z')

function open(directory: string, files: DurableFiles = nodeFiles): Promise<Witness> {
  return openWitness({ directory, cosigners: [own], logs, files })
}

/** A history: its checkpoint and proofs at any size up to `length`. */
function historyOf(flavour: string, length = 600) {
  const entries = Array.from({ length }, (_, n) => utf8(`${flavour} ${n}`))
  const tiles = new Map(growEdge(emptyEdge, entries).files.map((one) => [one.path, one.bytes]))
  const reader: TileReader = { read: async (name) => tiles.get(name) ?? null }
  const noteAt = (size: number) => {
    const { edge } = growEdge(emptyEdge, entries.slice(0, size))
    return signCheckpoint({ origin, size, root: size === 0 ? emptyRoot() : rootOf(edge) }, signer)
  }
  return {
    noteAt,
    async request(oldSize: number, size: number): Promise<Uint8Array> {
      const { edge, files } = growEdge(emptyEdge, entries.slice(0, size))
      const byPath = new Map(files.map((one) => [one.path, one.bytes]))
      const at: TileReader = {
        read: async (name) => byPath.get(name) ?? (await reader.read(name)),
      }
      const proof = oldSize > edge.size ? [] : await proveGrowth(at, oldSize, size)
      return utf8(formatAddCheckpoint({ oldSize, proof, note: noteAt(size) }))
    },
  }
}
const honest = historyOf('entry')
const forked = historyOf('other')

function latestSize(witness: Witness): number | null {
  const note = witness.latest(originHash(origin))
  const opened = note === null ? null : openCheckpoint(note, signer.vkey)
  return opened?.kind === 'checkpoint' ? opened.checkpoint.size : null
}

test('what a witness answers is its cosignature, and a restart remembers', async () => {
  await withFolder(async (folder) => {
    let witness = await open(folder)
    expect(witness.latest(originHash(origin))).toBeNull()
    for (const [old, size] of [
      [0, 0],
      [0, 5],
      [5, 300],
      [300, 300],
    ] as const) {
      const answer = await witness.addCheckpoint(await honest.request(old, size), now)
      expect(answer).toMatchObject({ status: 200 })
      const cosigned = honest.noteAt(size) + answer.body
      expect(openCosignatures(cosigned, [own])).toMatchObject({
        found: [{ found: { kind: 'cosigned', time: now().getTime() / 1000 } }],
      })
      witness = await open(folder)
      expect(latestSize(witness)).toBe(size)
    }
    const again = await witness.addCheckpoint(await honest.request(0, 400), now)
    expect(again).toMatchObject({ status: 409, contentType: 'text/x.tlog.size', body: '300\n' })
  })
})

test('a log shown to two audiences: one history is cosigned, of the other both heads are kept', async () => {
  await withFolder(async (folder) => {
    const witness = await open(folder)
    expect(await witness.addCheckpoint(await honest.request(0, 8), now)).toMatchObject({
      status: 200,
    })
    expect(await witness.addCheckpoint(await forked.request(8, 9), now)).toMatchObject({
      status: 422,
    })
    expect(await witness.addCheckpoint(await forked.request(8, 8), now)).toMatchObject({
      status: 422,
    })
    expect(latestSize(witness)).toBe(8)
    const kept = fs.readdirSync(path.join(folder, 'evidence'))
    expect(kept.length).toBe(1)
    const evidence = fs.readFileSync(path.join(folder, 'evidence', kept[0] ?? ''), 'utf8')
    expect(evidence).toContain(honest.noteAt(8).trim())
    expect(evidence).toContain(forked.noteAt(8).trim())
  })
})

test('two requests at once, of sizes N and N+K: never both from N, and never back to N', async () => {
  await withFolder(async (folder) => {
    let witness = await open(folder)
    let size = 0
    for (let round = 0; round < 30; round++) {
      const [small, large] = [size + 1 + (round % 3), size + 7]
      const order = round % 2 === 0 ? [small, large] : [large, small]
      const bodies = await Promise.all(order.map((to) => honest.request(size, to)))
      const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body, now)))
      expect(answers.map(({ status }) => status)).toEqual([200, 409])
      expect(answers[1]?.body).toBe(`${order[0]}\n`)
      size = order[0] ?? 0
      expect(latestSize(witness)).toBe(size)
      if (round % 10 === 9) {
        witness = await open(folder)
        expect(latestSize(witness)).toBe(size)
      }
    }
  })
})

test('many at once, in any order: the cosigned sizes only grow, and the disk has the last', async () => {
  await withFolder(async (folder) => {
    const witness = await open(folder)
    const bodies = await Promise.all(
      Array.from({ length: 40 }, (_, at) => honest.request((at * 7) % 40, ((at * 11) % 60) + 1)),
    )
    const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body, now)))
    const sizes = answers.filter(({ status }) => status === 200).length
    expect(sizes).toBeGreaterThan(0)
    expect(latestSize(await open(folder))).toBe(latestSize(witness))
    expect(answers.every(({ status }) => [200, 400, 409, 422].includes(status))).toBe(true)
  })
})

test('more requests than may wait are told to come back', async () => {
  await withFolder(async (folder) => {
    const witness = await open(folder)
    const body = await honest.request(0, 5)
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => witness.addCheckpoint(body, now)),
    )
    const count = (status: number) => answers.filter((one) => one.status === status).length
    expect([count(200), count(409), count(503)]).toEqual([1, 63, 136])
  })
})

describe('a disk that refuses', () => {
  test('at any operation: no cosignature is given out, and afterwards the witness goes on', async () => {
    for (let at = 1; at <= 6; at++) {
      await withFolder(async (folder) => {
        let from = Infinity
        const files = failingFiles((_, count) => count >= from && count < from + 1)
        let witness = await open(folder, files)
        expect(await witness.addCheckpoint(await honest.request(0, 5), now)).toMatchObject({
          status: 200,
        })
        from = files.count() + at
        const answer = await witness.addCheckpoint(await honest.request(5, 9), now)
        expect([200, 500]).toContain(answer.status)
        if (answer.status === 500) expect(answer.body).not.toContain('—')
        from = Infinity
        witness = await open(folder)
        const size = latestSize(witness) ?? 0
        expect(answer.status === 200 ? [9] : [5, 9]).toContain(size)
        const next = await witness.addCheckpoint(await honest.request(size, 20), now)
        expect(next).toMatchObject({ status: 200 })
      })
    }
  })

  test('also when the process goes on: what was not answered for may be asked again', async () => {
    await withFolder(async (folder) => {
      let from = Infinity
      const files = failingFiles((_, count) => count >= from && count < from + 1)
      const witness = await open(folder, files)
      await witness.addCheckpoint(await honest.request(0, 5), now)
      from = files.count() + 3
      expect(await witness.addCheckpoint(await honest.request(5, 9), now)).toMatchObject({
        status: 500,
      })
      const again = await witness.addCheckpoint(await honest.request(5, 9), now)
      expect(again).toMatchObject({ status: 200 })
      expect(latestSize(await open(folder))).toBe(9)
    })
  })
})

test('one bit flipped anywhere in what a witness remembers: it does not start', async () => {
  await withFolder(async (folder) => {
    const witness = await open(folder)
    await witness.addCheckpoint(await honest.request(0, 300), now)
    const file = path.join(folder, 'latest', originHash(origin))
    const good = fs.readFileSync(file)
    // Seven is prime to eight: every byte and every position in a byte comes.
    const step = process.env['SLOW'] === '1' ? 1 : 7
    for (let bit = 0; bit < good.length * 8; bit += step) {
      const bad = Buffer.from(good)
      bad[bit >> 3]! ^= 1 << (bit & 7)
      fs.writeFileSync(file, bad)
      await expect(open(folder), `bit ${bit}`).rejects.toMatchObject({ file })
    }
    fs.writeFileSync(file, good)
    expect(latestSize(await open(folder))).toBe(300)
  })
}, 60_000)

test('a witness does not take over what another witness remembers', async () => {
  await withFolder(async (folder) => {
    const witness = await open(folder)
    await witness.addCheckpoint(await honest.request(0, 3), now)
    const other = new Uint8Array(32).fill(22)
    const key = cosigner(own.name, 'ed25519', publicKeyOf(other), (m) => sign(other, m))
    await expect(openWitness({ directory: folder, cosigners: [key], logs })).rejects.toThrow(
      'not cosigned',
    )
  })
})

test('an unknown origin is 404, and a body that is none 400', async () => {
  await withFolder(async (folder) => {
    const witness = await openWitness({ directory: folder, cosigners: [own], logs: [] })
    expect(await witness.addCheckpoint(await honest.request(0, 3), now)).toMatchObject({
      status: 404,
    })
    expect(await witness.addCheckpoint(utf8('old 0\n'), now)).toMatchObject({ status: 400 })
  })
})
