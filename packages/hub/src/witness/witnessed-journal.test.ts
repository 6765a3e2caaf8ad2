/** A hub's log under witnesses that are there, away, slow, lying, or have seen another history. */

import * as fs from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as path from 'node:path'

import { verify } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import type { Policy } from '@sallyport/proof/tlog-policy'
import { verifyReceipt, parseProof } from '@sallyport/proof/tlog-proof'
import { openWitnessed } from '@sallyport/proof/witnessed'
import { expect, test } from 'vitest'

import type { Journal } from '../journal.ts'
import { fetchPost } from './ask-witness.ts'
import {
  type RunningWitness,
  journalIn,
  policyOf,
  runWitness,
  someEntry,
  withFolder,
} from './witness-fixture.ts'
import { LogContradicted, witnessJournal } from './witnessed-journal.ts'

type Alarm = { readonly kind: string; readonly detail: string }

async function witnessed(journal: Journal, folder: string, policy: Policy) {
  const alarms: Alarm[] = []
  const reports: string[] = []
  const under = await witnessJournal(journal, {
    policy,
    directory: path.join(folder, 'log'),
    now: () => new Date(),
    report: (line) => reports.push(line),
    everyMs: 20,
  })
  under.onAlarm(async (kind, detail) => void alarms.push({ kind, detail }))
  return { under, alarms, reports }
}

async function withWitnesses(
  count: number,
  use: (folder: string, journal: Journal, witnesses: readonly RunningWitness[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const journal = await journalIn(folder)
    const witnesses = await Promise.all(
      Array.from({ length: count }, (_, at) =>
        runWitness(path.join(folder, `w${at + 1}`), journal.vkey),
      ),
    )
    try {
      await use(folder, journal, witnesses)
    } finally {
      for (const witness of witnesses) await witness.stop()
    }
  })
}

/** An HTTP server that answers every request with `answer`. */
async function answering(
  answer: (body: string) => { status: number; type?: string; body: string } | null,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const given = answer(text)
      // Null: the connection hangs until the other side gives up.
      if (given === null) return
      response.writeHead(given.status, { 'content-type': given.type ?? 'text/plain' })
      response.end(given.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('what is appended is witnessed, kept beside the checkpoint, and stands in receipts', async () => {
  await withWitnesses(2, async (folder, journal, witnesses) => {
    const policy = policyOf(journal.vkey, witnesses)
    const { under, alarms } = await witnessed(journal, folder, policy)
    const index = await appendMany(under, 300)
    await under.witnessing.witnessed(index + 1)
    const kept = fs.readFileSync(path.join(folder, 'log', 'witnessed-checkpoint'), 'utf8')
    expect(openWitnessed(kept, policy, nodeVerifiers)).toMatchObject({
      kind: 'witnessed',
      checkpoint: { size: index + 1 },
      witnesses: expect.arrayContaining([
        expect.objectContaining({ name: 'W1' }),
        expect.objectContaining({ name: 'W2' }),
      ]),
    })
    const receipt = await under.receipt(17)
    expect(receipt).not.toBeNull()
    expect(verifyReceipt(receipt!.receipt, receipt!.entry, journal.vkey, verify)).toMatchObject({
      kind: 'verified',
    })
    const note = parseProof(receipt!.receipt)?.checkpoint ?? ''
    expect(openWitnessed(note, policy, nodeVerifiers)).toMatchObject({ kind: 'witnessed' })
    expect(await under.files.sizes()).not.toEqual([])
    expect(alarms).toEqual([])
    await under.close()
  })
})

test('a receipt of an entry that is not witnessed yet is given all the same', async () => {
  await withWitnesses(1, async (folder, journal, [witness]) => {
    const { under } = await witnessed(journal, folder, policyOf(journal.vkey, [witness!]))
    await under.witnessing.witnessed(1)
    await witness!.stop()
    const index = await under.append(someEntry())
    const receipt = await under.receipt(index)
    expect(verifyReceipt(receipt!.receipt, receipt!.entry, journal.vkey, verify)).toMatchObject({
      kind: 'verified',
      size: index + 1,
    })
    await under.close()
  })
})

test('a witness that is away stops nothing, and is caught up with when it is back', async () => {
  await withFolder(async (folder) => {
    const journal = await journalIn(folder)
    const witness = await runWitness(path.join(folder, 'w1'), journal.vkey)
    const away = { ...witness, url: 'http://127.0.0.1:9' }
    const first = await witnessed(journal, folder, policyOf(journal.vkey, [away]))
    await appendMany(first.under, 10)
    expect(first.under.witnessing.latest()).toBeNull()
    expect(first.reports.join()).toContain('did not answer')
    await first.under.close()

    const again = await journalIn(folder)
    const { under } = await witnessed(again, folder, policyOf(journal.vkey, [witness]))
    await under.witnessing.witnessed(11)
    await under.close()
    await witness.stop()
  })
})

test('one slow witness of three does not keep a quorum of two waiting', async () => {
  await withWitnesses(2, async (folder, journal, witnesses) => {
    const slow = await answering(() => null)
    const three = [...witnesses, { cosigner: { ...witnesses[0]!.cosigner }, url: slow.url }]
    const stranger = await runWitness(path.join(folder, 'w3'), journal.vkey)
    three[2] = { cosigner: stranger.cosigner, url: slow.url }
    const { under } = await witnessed(journal, folder, policyOf(journal.vkey, three, '2'))
    const index = await under.append(someEntry())
    const begun = Date.now()
    await under.witnessing.witnessed(index)
    expect(Date.now() - begun).toBeLessThan(4_000)
    slow.server.closeAllConnections()
    slow.server.close()
    await under.close()
    await stranger.stop()
  })
}, 30_000)

test("yesterday's snapshot put back: the witness answers 409, and the hub does not start from it", async () => {
  await withWitnesses(1, async (folder, journal, [witness]) => {
    const policy = policyOf(journal.vkey, [witness!])
    const first = await witnessed(journal, folder, policy)
    await appendMany(first.under, 40)
    await first.under.close()
    const snapshot = path.join(folder, 'snapshot')
    fs.cpSync(path.join(folder, 'log'), snapshot, { recursive: true })

    const second = await witnessed(await journalIn(folder), folder, policy)
    await appendMany(second.under, 7)
    await second.under.witnessing.witnessed(48)
    await second.under.close()

    fs.rmSync(path.join(folder, 'log'), { recursive: true })
    fs.cpSync(snapshot, path.join(folder, 'log'), { recursive: true })
    witness!.reports.length = 0
    const rolledBack = await journalIn(folder)
    expect(rolledBack.size()).toBe(41)
    await expect(witnessed(rolledBack, folder, policy)).rejects.toThrow(LogContradicted)
    expect(witness!.reports.join()).toContain('refused with 409')
    await rolledBack.close()
  })
})

test('a snapshot put back while the witness was away: once it is back there is an alarm', async () => {
  await withWitnesses(1, async (folder, journal, [witness]) => {
    const policy = policyOf(journal.vkey, [witness!])
    const snapshot = path.join(folder, 'snapshot')
    fs.cpSync(path.join(folder, 'log'), snapshot, { recursive: true })
    const first = await witnessed(journal, folder, policy)
    await appendMany(first.under, 5)
    await first.under.witnessing.witnessed(6)
    await first.under.close()
    fs.rmSync(path.join(folder, 'log'), { recursive: true })
    fs.cpSync(snapshot, path.join(folder, 'log'), { recursive: true })

    let isAway = true
    const restored = await journalIn(folder)
    const alarms: Alarm[] = []
    const under = await witnessJournal(restored, {
      policy,
      directory: path.join(folder, 'log'),
      now: () => new Date(),
      report: () => undefined,
      everyMs: 20,
      post: async (url, body, signal) => {
        if (isAway) throw new Error('no route')
        return fetchPost(url, body, signal)
      },
    })
    under.onAlarm(async (kind, detail) => void alarms.push({ kind, detail }))
    isAway = false
    await under.append(someEntry())
    await until(() => alarms.length > 0)
    expect(alarms[0]).toMatchObject({ kind: 'witness_contradicts' })
    expect(alarms[0]?.detail).toContain('has cosigned 6 entries')
    await under.close()
  })
})

test('a fork shown to two audiences: each witness keeps to what it saw, and both sides hear of it', async () => {
  await withWitnesses(2, async (folder, journal, [one, two]) => {
    await appendMany(journal, 3)
    await journal.close()
    fs.cpSync(path.join(folder, 'log'), path.join(folder, 'fork', 'log'), { recursive: true })
    const here = await witnessed(await journalIn(folder), folder, policyOf(journal.vkey, [one!]))
    const forked = path.join(folder, 'fork')
    const there = await witnessed(await journalIn(forked), forked, policyOf(journal.vkey, [two!]))
    for (const { under } of [here, there]) {
      await under.append(someEntry())
      await under.witnessing.witnessed(5)
    }
    await there.under.close()
    await here.under.close()

    const crossed = journalIn(folder).then((log) =>
      witnessed(log, folder, policyOf(journal.vkey, [two!])).finally(() => log.close()),
    )
    await expect(crossed).rejects.toThrow('another history')
    const evidence = fs.readdirSync(path.join(two!.directory, 'evidence'))
    expect(evidence.length).toBe(1)
    const heads = fs.readFileSync(path.join(two!.directory, 'evidence', evidence[0]!), 'utf8')
    expect(heads.match(/^example\.gov\/sallyport$/gm)?.length).toBe(2)
  })
})

test.each([
  ['rubbish', { status: 200, body: 'all is well\n' }],
  ['the cosignature of somebody else', { status: 200, body: '— w.example AAAAAAAAAAAAAAAA\n' }],
  ['a redirect', { status: 302, body: '' }],
  ['a size that is none', { status: 500, type: 'text/x.tlog.size', body: '-1\n' }],
])('a server in the place of a witness that answers %s convinces nobody', async (_, answer) => {
  await withWitnesses(1, async (folder, journal, [witness]) => {
    const lying = await answering(() => answer)
    const policy = policyOf(journal.vkey, [{ cosigner: witness!.cosigner, url: lying.url }])
    const { under, reports } = await witnessed(journal, folder, policy)
    await under.append(someEntry())
    await until(() => reports.length > 0)
    expect(under.witnessing.latest()).toBeNull()
    await under.close()
    lying.server.close()
  })
})

test('a witness whose size changes with every answer is not asked for ever', async () => {
  await withWitnesses(1, async (folder, journal, [witness]) => {
    await appendMany(journal, 9)
    let asked = 0
    const wavering = await answering(() => {
      asked += 1
      return { status: 409, type: 'text/x.tlog.size', body: `${asked % 5}\n` }
    })
    const policy = policyOf(journal.vkey, [{ cosigner: witness!.cosigner, url: wavering.url }])
    const { under, reports } = await witnessed(journal, folder, policy)
    await until(() => reports.length > 1)
    expect(reports.join()).toContain('changes with every answer')
    expect(asked).toBeLessThan(12)
    await under.close()
    wavering.server.close()
  })
})

/** Appends `count` entries as one batch; the highest index. */
async function appendMany(log: Journal, count: number): Promise<number> {
  const entries = Array.from({ length: count }, () => someEntry())
  return Math.max(...(await Promise.all(entries.map((entry) => log.append(entry)))))
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
