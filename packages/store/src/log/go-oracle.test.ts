/** Go's own transparency log reads what we write. */

import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { toHex } from '@sallyport/proof/bytes'
import { proveConsistency, proveInclusion } from '@sallyport/proof/merkle'
import { tileHashReader } from '@sallyport/proof/tiles'
import { emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { appendRange, entryOf, open, signer, withFolder } from './log-fixture.ts'

const goPath = '/usr/share/gocode'
const vectorFolder = path.resolve(import.meta.dirname, '../../../../specs/vectors/log')
const tlog = path.join(goPath, 'src/golang.org/x/mod/sumdb/tlog')
const present =
  needTool('go', 'golang-go') !== null && needTool(tlog, 'golang-golang-x-mod-dev') !== null

test.skipIf(!present)(
  'golang.org/x/mod/sumdb accepts log and receipts (skipped unless Debian golang-go and golang-golang-x-mod-dev are installed)',
  async () => {
    await withFolder(async (folder) => {
      const program = build(folder, 'main.go')
      const directory = path.join(folder, 'log')
      const log = await open(directory)
      for (const [from, to] of [
        [0, 1],
        [1, 255],
        [255, 257],
        [257, 1000],
      ] as const) {
        await appendRange(log, from, to)
        const receipts: string[] = []
        for (const index of [0, Math.floor(to / 2), to - 1]) {
          const file = path.join(folder, `${to}-${index}.tlog-proof`)
          fs.writeFileSync(file, await log.receipt(index))
          receipts.push(file, String(index))
        }
        const output = execFileSync(program, [directory, signer.vkey, ...receipts], {
          encoding: 'utf8',
        })
        expect(output).toBe(`${to} entries\n`)
      }

      const tile = path.join(directory, 'tile/0/001')
      const bytes = fs.readFileSync(tile)
      bytes[100]! ^= 1
      fs.writeFileSync(tile, bytes)
      const refused = spawnSync(program, [directory, signer.vkey], { encoding: 'utf8' })
      expect(refused.status).toBe(1)
    })
  },
  120_000,
)

type GoTree = {
  readonly size: number
  readonly root: string
  readonly inclusion: Readonly<Record<string, readonly string[]>>
  readonly consistency: Readonly<Record<string, readonly string[]>>
  readonly tiles: Readonly<Record<string, string>>
}

describe.skipIf(!present)(
  'the same trees in Go (skipped unless Debian golang-go and golang-golang-x-mod-dev are installed)',
  () => {
    let folder: string
    let program: string
    beforeAll(() => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-go-'))
      program = build(folder, 'vectors.go')
    }, 120_000)
    afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

    test('trees of any size have the roots, paths, consistency proofs and tiles that Go makes', async () => {
      // Where a tile fills, and wherever chance takes us; the seed is printed when it fails.
      const fixed = [1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537]
      const runs = process.env['SLOW'] === '1' ? 60 : 8
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: runs, maxLength: runs }),
          async (random) => {
            const sizes = [...new Set([...fixed, ...random])].toSorted((a, b) => a - b)
            const output = execFileSync(program, ['tree', ...sizes.map(String)], {
              encoding: 'utf8',
              maxBuffer: 64 * 1024 * 1024,
            })
            const trees = output
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as GoTree)
            expect(trees.map(({ size }) => size)).toEqual(sizes)
            await compareTrees(trees)
          },
        ),
        { numRuns: 1 },
      )
    }, 600_000)

    test('every vector that we publish is confirmed: trees, receipts, cosignatures, proofs', () => {
      const count = execFileSync(program, ['check', vectorFolder], { encoding: 'utf8' })
      expect(Number(count)).toBeGreaterThan(30)
      const whole = path.join(vectorFolder, 'tree')
      const vkey = fs.readFileSync(path.join(whole, 'vkey'), 'utf8').trim()
      const verifier = build(folder, 'main.go')
      expect(execFileSync(verifier, [whole, vkey], { encoding: 'utf8' })).toBe('260 entries\n')
    }, 120_000)

    test('a changed vector is not', () => {
      const changed = path.join(folder, 'changed')
      fs.cpSync(vectorFolder, changed, { recursive: true })
      for (const [name, from, to] of [
        ['merkle.json', /"path": \["../, '"path": ["00'],
        ['witness.json', /time|w1 (.{20})/, 'w1 AAAAAAAAAAAAAAAAAAAA'],
        ['receipts.json', /\\n300\\n/, '\\n301\\n'],
      ] as const) {
        const file = path.join(changed, name)
        const good = fs.readFileSync(file, 'utf8')
        fs.writeFileSync(file, good.replace(from, to))
        expect(fs.readFileSync(file, 'utf8'), name).not.toBe(good)
        expect(spawnSync(program, ['check', changed]).status, name).toBe(1)
        fs.writeFileSync(file, good)
      }
    })
  },
)

/** Grows one tree through all sizes, and compares each with what Go says. */
async function compareTrees(trees: readonly GoTree[]): Promise<void> {
  const files = new Map<string, Uint8Array>()
  let edge = emptyEdge
  for (const { size, root, inclusion, consistency, tiles } of trees) {
    const added = Array.from({ length: size - edge.size }, (_, at) => entryOf(edge.size + at))
    const growth = growEdge(edge, added)
    for (const file of growth.files) files.set(file.path, file.bytes)
    edge = growth.edge
    const reader = { read: async (name: string) => files.get(name) ?? null }
    expect(toHex(rootOf(edge)), `root of ${size}`).toBe(root)
    const read = tileHashReader(reader, size)
    for (const [index, wanted] of Object.entries(inclusion)) {
      const path = await proveInclusion(Number(index), size, read)
      expect(path.map(toHex), `${index} in ${size}`).toEqual(wanted)
    }
    for (const [from, wanted] of Object.entries(consistency)) {
      const proof = await proveConsistency(Number(from), size, read)
      expect(proof.map(toHex), `${from} to ${size}`).toEqual(wanted)
    }
    for (const [name, wanted] of Object.entries(tiles)) {
      const bytes = files.get(name) ?? new Uint8Array()
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(wanted)
    }
  }
}

function build(folder: string, source: string): string {
  const program = path.join(folder, source.replace('.go', ''))
  const env = {
    ...process.env,
    GOPATH: goPath,
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOCACHE: `${folder}/cache`,
  }
  const file = path.join(import.meta.dirname, 'go-oracle', source)
  execFileSync('go', ['build', '-o', program, file], { env })
  return program
}
