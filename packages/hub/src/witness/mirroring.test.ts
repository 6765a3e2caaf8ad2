/** A hub whose log has a mirror: it is sent the entries, and signs nothing that it does not hold. */

import * as path from 'node:path'

import { verifyLog } from '@sallyport/proof/log-verify'
import { verify } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { parseProof, verifyReceipt } from '@sallyport/proof/tlog-proof'
import { openWitnessed } from '@sallyport/proof/witnessed'
import { originHash } from '@sallyport/store/witness/witness-directory'
import { expect, test } from 'vitest'

import type { Journal } from '../journal.ts'
import { type Post, fetchPost } from './ask-witness.ts'
import {
  journalIn,
  origin,
  policyOf,
  type RunningWitness,
  runWitness,
  someEntry,
  withFolder,
} from './witness-fixture.ts'
import { witnessJournal } from './witnessed-journal.ts'

/** A log of `size` entries, a witness and a mirror in one place, and a policy that asks for both. */
async function withMirror(
  size: number,
  use: (at: {
    readonly journal: Journal
    readonly running: RunningWitness
    readonly policy: ReturnType<typeof policyOf>
    readonly under: (post?: Post) => ReturnType<typeof witnessJournal>
    readonly reports: string[]
  }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const journal = await journalIn(folder)
    await Promise.all(Array.from({ length: size }, () => journal.append(someEntry())))
    const running = await runWitness(path.join(folder, 'w'), journal.vkey, 'w.example/w', true)
    const key = running.mirror?.cosigner
    if (key === undefined) throw new Error('there is a mirror')
    const policy = policyOf(journal.vkey, [running, { cosigner: key, url: running.url }])
    const reports: string[] = []
    const under = (post: Post = fetchPost) =>
      witnessJournal(journal, {
        policy,
        directory: path.join(folder, 'log'),
        now: () => new Date(),
        report: (line) => reports.push(line),
        everyMs: 20,
        post,
      })
    try {
      await use({ journal, running, policy, under, reports })
    } finally {
      await running.stop()
    }
  })
}

async function copyOf({ mirror }: RunningWitness, vkey: string) {
  const reader = mirror?.mirror.reader(originHash(origin))
  if (reader == null) throw new Error('the log is mirrored')
  return verifyLog(reader, vkey, { verifySignature: verify })
}

test('what is appended is sent, and the quorum is met when witness and mirror have signed', async () => {
  await withMirror(3, async ({ journal, running, policy, under, reports }) => {
    const hub = await under()
    const index = await hub.append(someEntry())
    await hub.witnessing.witnessed(index + 1)
    const receipt = await hub.receipt(index)
    const proof = parseProof(receipt?.receipt ?? '')
    if (proof === null || receipt === null) throw new Error('there is a receipt')
    expect(verifyReceipt(receipt.receipt, receipt.entry, journal.vkey).kind).toBe('verified')
    expect(openWitnessed(proof.checkpoint, policy, nodeVerifiers)).toMatchObject({
      kind: 'witnessed',
    })
    expect(hub.witnessing.state().map(({ state }) => state)).toEqual(['current', 'current'])
    const copy = await copyOf(running, journal.vkey)
    expect(copy).toMatchObject({ kind: 'sound' })
    // Also over the network, where others read it.
    const url = `${running.url}/mirror/${originHash(origin)}`
    const [served, none] = await Promise.all([fetch(`${url}/checkpoint`), fetch(`${url}/tile/x`)])
    expect(await served.text()).toContain(running.mirror?.cosigner.name)
    expect(none.status).toBe(404)
    expect(reports).toEqual([])
    await hub.close()
  })
})

test('a mirror that is far behind is brought up over several requests', async () => {
  await withMirror(9_000, async ({ journal, running, under }) => {
    const requests: string[] = []
    const hub = await under(async (url, body, signal) => {
      const answer = await fetchPost(url, body, signal)
      if (url.endsWith('add-entries')) requests.push(String(answer.status))
      return answer
    })
    await hub.witnessing.witnessed(9_000)
    expect(requests).toContain('202')
    expect(requests.at(-1)).toBe('200')
    expect(await copyOf(running, journal.vkey)).toMatchObject({ kind: 'sound', size: 9_001 })
    await hub.close()
  })
}, 60_000)

test('entries that never arrive: the mirror does not sign, the witness does, and the hub goes on', async () => {
  await withMirror(300, async ({ running, under, reports }) => {
    let isCut = true
    const hub = await under(async (url, body, signal) => {
      if (isCut && url.endsWith('add-entries')) throw new Error('the line is cut')
      return fetchPost(url, body, signal)
    })
    const index = await hub.append(someEntry())
    while (hub.witnessing.state()[0]?.size !== index + 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
    // The witness has the tree; the quorum of both is not met.
    expect(hub.witnessing.latest()).toBeNull()
    const reader = running.mirror?.mirror.reader(originHash(origin))
    expect(await reader?.read('checkpoint')).toBeNull()
    expect(reports.join('\n')).toContain('the line is cut')
    isCut = false
    await hub.witnessing.witnessed(index + 1)
    await hub.close()
  })
}, 60_000)

test('a witness that answers with another key’s signature is no mirror, and that is said', async () => {
  await withMirror(3, async ({ under, reports }) => {
    const hub = await under(async (url, body, signal) =>
      url.endsWith('add-entries')
        ? { status: 404, contentType: 'text/plain', body: 'There is no such resource.\n' }
        : fetchPost(url, body, signal),
    )
    while (!reports.some((line) => line.includes('it is no mirror of this log')))
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(hub.witnessing.state()[1]?.state).toBe('away')
    await hub.close()
  })
})
