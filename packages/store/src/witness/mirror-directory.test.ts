/** A mirror cosigns what it holds and nothing else: under lies, forks and races. */

import * as fs from 'node:fs'
import * as path from 'node:path'

import { utf8 } from '@sallyport/proof/bytes'
import { openCosignatures } from '@sallyport/proof/tlog-cosignature'
import { describe, expect, test } from 'vitest'

import { origin, withFolder } from '../log/log-fixture.ts'
import {
  heldBy,
  historyOf,
  honest,
  info,
  mirrorKey,
  openPair,
  said,
  shown,
  witnessKey,
} from './mirror-fixture.ts'

test('what was sent is served, cosigned under the mirror’s own name, and a restart goes on', async () => {
  await withFolder(async (folder) => {
    let pair = await openPair(folder)
    let size = 0
    for (const to of [0, 5, 5, 256, 300, 511, 513, 1200]) {
      await shown(pair, to)
      const answer = await pair.entries(await honest.entriesRequest(size, to))
      expect(said(answer), `${size} to ${to}`).toBe('200')
      const { note } = honest.treeAt(to)
      expect(openCosignatures(note + answer.body, [mirrorKey, witnessKey])).toMatchObject({
        found: [{ key: mirrorKey, found: { kind: 'cosigned' } }],
      })
      size = to
      expect(await heldBy(pair)).toBe(to)
      pair = await openPair(folder)
      expect(await heldBy(pair)).toBe(to)
    }
  })
})

test('without the entries there is no cosignature: not for the checkpoint, not for a part of them', async () => {
  await withFolder(async (folder) => {
    const pair = await openPair(folder)
    const answer = await pair.checkpoint(await honest.checkpointRequest(0, 900))
    expect(openCosignatures(honest.treeAt(900).note + answer.body, [mirrorKey])).toMatchObject({
      found: [],
    })
    const part = await pair.entries(await honest.entriesRequest(0, 900, { packages: 2 }))
    expect(said(part)).toBe('202 900 512')
    expect(part.body).not.toContain('—')
    expect(await heldBy(pair)).toBeNull()
    // All but the last byte: the last package is not whole.
    const rest = await honest.entriesRequest(512, 900)
    expect(said(await pair.entries(rest.subarray(0, -1)))).toBe('202 900 768')
    expect(await heldBy(pair)).toBeNull()
    expect(said(await pair.entries(await honest.entriesRequest(768, 900)))).toBe('200')
    expect(await heldBy(pair)).toBe(900)
  })
})

describe('the statuses of the specification', () => {
  test('in any order that a sender may come', async () => {
    await withFolder(async (folder) => {
      const pair = await openPair(folder)
      const send = async (body: Promise<Uint8Array> | Uint8Array) =>
        said(await pair.entries(await body))
      // Before any checkpoint there is nothing that entries could belong to.
      expect(await send(honest.entriesRequest(0, 300))).toBe('409 0 0')
      await shown(pair, 700)
      expect(await send(honest.entriesRequest(0, 0))).toBe('409 700 0')
      expect(await send(honest.entriesRequest(0, 699))).toBe('409 700 0')
      expect(await send(honest.entriesRequest(256, 700))).toBe('409 700 0')
      expect(await send(honest.entriesRequest(0, 700, { packages: 0 }))).toBe('400')
      expect(await send(utf8('no request'))).toBe('400')
      expect(await send(new Uint8Array())).toBe('400')
      const whole = await honest.entriesRequest(0, 700)
      expect(await send(whole.subarray(0, 2000))).toBe('400')
      const elsewhere = Uint8Array.from(whole)
      elsewhere[5] = 120
      expect(await send(elsewhere)).toBe('404')
      const backwards = Uint8Array.from(whole)
      backwards[2 + origin.length + 5] = 1
      expect(await send(backwards)).toBe('400')
      expect(await send(whole)).toBe('200')
      // Sent again: what is here is passed over.
      expect(await send(whole)).toBe('200')
      await shown(pair, 1100)
      expect(await send(honest.entriesRequest(700, 1100, { packages: 1 }))).toBe('202 1100 768')
      expect(await send(honest.entriesRequest(700, 1100))).toBe('200')
      // The mirror does not go back.
      expect(await send(whole)).toBe('409 1100 1100')
    })
  })

  test('a ticket makes an earlier checkpoint good, also after a restart; a made-up one does not', async () => {
    await withFolder(async (folder) => {
      let pair = await openPair(folder)
      await shown(pair, 600)
      const first = await pair.entries(await honest.entriesRequest(0, 600, { packages: 1 }))
      const { ticket } = info(first) ?? { ticket: new Uint8Array() }
      await shown(pair, 900)
      pair = await openPair(folder)
      const without = await honest.entriesRequest(256, 600)
      expect(said(await pair.entries(without))).toBe('409 900 256')
      const signedByTheLogOnly = utf8(honest.treeAt(600).note)
      for (const forged of [utf8('600'), signedByTheLogOnly]) {
        const body = await honest.entriesRequest(256, 600, { ticket: forged })
        expect(said(await pair.entries(body))).toBe('409 900 256')
      }
      const again = await honest.entriesRequest(256, 600, { ticket })
      expect(said(await pair.entries(again))).toBe('200')
      expect(await heldBy(pair)).toBe(600)
      expect(said(await pair.entries(await honest.entriesRequest(600, 900)))).toBe('200')
      expect(await heldBy(pair)).toBe(900)
    })
  })
})

test('an earlier tree is cosigned although entries of a later one are here already', async () => {
  for (const [early, late] of [
    [600, 900],
    [520, 540],
  ] as const)
    await withFolder(async (folder) => {
      const pair = await openPair(folder)
      await shown(pair, early)
      const first = await pair.entries(await honest.entriesRequest(0, early, { packages: 1 }))
      const { ticket } = info(first) ?? { ticket: new Uint8Array() }
      await shown(pair, late)
      const most = [...(await honest.entriesRequest(256, late))]
      // Everything of the later tree but its last byte, so that it is not signed.
      expect(said(await pair.entries(Uint8Array.from(most.slice(0, -1))))).toMatch('202')
      const again = await honest.entriesRequest(256, early, { ticket })
      expect(said(await pair.entries(again))).toBe('200')
      expect(await heldBy(pair)).toBe(early)
      expect(said(await pair.entries(await honest.entriesRequest(early, late)))).toBe('200')
      expect(await heldBy(pair)).toBe(late)
    })
})

test('a log shown otherwise to another audience: entries of the other history are refused', async () => {
  await withFolder(async (folder) => {
    const pair = await openPair(folder)
    const forked = historyOf('other')
    await shown(pair, 300)
    expect(said(await pair.entries(await honest.entriesRequest(0, 300)))).toBe('200')
    // Both heads are kept as evidence, and the tree is not one that entries may belong to.
    expect((await pair.checkpoint(await forked.checkpointRequest(300, 300))).status).toBe(422)
    expect((await pair.checkpoint(await forked.checkpointRequest(300, 600))).status).toBe(422)
    expect(fs.readdirSync(path.join(folder, 'evidence'))).toHaveLength(1)
    expect(said(await pair.entries(await forked.entriesRequest(256, 600)))).toBe('409 300 300')
    await shown(pair, 600)
    expect(said(await pair.entries(await forked.entriesRequest(300, 600)))).toBe('422')
    // Of a request that is right at first, what is right is kept.
    const right = await honest.entriesRequest(300, 600, { packages: 1 })
    const wrong = (await forked.entriesRequest(512, 600)).subarray(20 + origin.length)
    expect(said(await pair.entries(Buffer.concat([right, wrong])))).toBe('422')
    expect(await heldBy(pair)).toBe(300)
    expect(said(await pair.entries(await honest.entriesRequest(512, 600)))).toBe('200')
    expect(await heldBy(pair)).toBe(600)
  })
})

test('two senders at once: both are answered, and the copy is whole', async () => {
  await withFolder(async (folder) => {
    const pair = await openPair(folder)
    await shown(pair, 1200)
    const bodies = await Promise.all([0, 0, 0].map((from) => honest.entriesRequest(from, 1200)))
    const answers = await Promise.all(bodies.map((body) => pair.entries(body)))
    expect(answers.map(said)).toEqual(['200', '200', '200'])
    expect(await heldBy(pair)).toBe(1200)
    const many = await Promise.all(Array.from({ length: 20 }, () => pair.entries(bodies[0]!)))
    expect(new Set(many.map(said))).toEqual(new Set(['200', '503']))
  })
})
