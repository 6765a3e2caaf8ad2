/**
 * A large log verified whole, and the time from an append to its witnessed checkpoint:
 * `npx tsx bench/proof.ts [entries] [folder]`. Without arguments a million entries.
 */

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { journalIn, policyOf, runWitness, someEntry } from '@sallyport/hub/witness/witness-fixture'
import { witnessJournal } from '@sallyport/hub/witness/witnessed-journal'
import { utf8 } from '@sallyport/proof/bytes'
import { signCheckpoint } from '@sallyport/proof/checkpoint'
import { encodeEntry, parseEntry } from '@sallyport/proof/entry'
import { verifyLog } from '@sallyport/proof/log-verify'
import { generateSigningKey, sign, verify } from '@sallyport/proof/node/ed25519'
import { nodeTileHashing } from '@sallyport/proof/node/tile-hashing'
import { noteSigner } from '@sallyport/proof/note'
import { edgeFiles, emptyEdge, growEdge, rootOf } from '@sallyport/proof/tree-edge'
import { folderTiles } from '@sallyport/store/log/folder-tiles'

const { privateKey, publicKey } = generateSigningKey()
const signer = noteSigner('bench.example/log', privateKey, publicKey, sign)

/** A log of `size` openings as files, without the waits of a real writer. */
function writeLog(folder: string, size: number): number {
  const batch = 256 * 64
  let edge = emptyEdge
  let bytes = 0
  while (edge.size < size) {
    const count = Math.min(batch, size - edge.size)
    // 333 bytes, as an opening has; ids count up, so that no two entries are the same.
    const entries = Array.from({ length: count }, (_, at) => openingAt(edge.size + at))
    const growth = growEdge(edge, entries)
    const full = growth.files.filter((file) => !file.path.includes('.p/'))
    for (const file of growth.edge.size < size ? full : [...full, ...edgeFiles(growth.edge)]) {
      const target = path.join(folder, file.path)
      fs.mkdirSync(path.dirname(target), { recursive: true })
      fs.writeFileSync(target, file.bytes)
      bytes += file.bytes.length
    }
    edge = growth.edge
  }
  const checkpoint = { origin: signer.name, size: edge.size, root: rootOf(edge) }
  fs.writeFileSync(path.join(folder, 'checkpoint'), signCheckpoint(checkpoint, signer))
  return bytes
}

const template = new TextDecoder().decode(
  encodeEntry({
    v: 1,
    at: '2026-11-22T10:00:00.000Z',
    kind: 'opening',
    opening: '0'.repeat(32),
    capture: 'c'.repeat(32),
    class: 'scene',
    sha256: 'd'.repeat(64),
    purpose: 'inspection',
    by: 'e'.repeat(64),
  }),
)

function openingAt(index: number): Uint8Array {
  return utf8(template.replace('0'.repeat(32), index.toString(16).padStart(32, '0')))
}

async function timedVerify(folder: string, looksInside: boolean): Promise<void> {
  const begun = performance.now()
  const before = process.cpuUsage()
  const verdict = await verifyLog(folderTiles(folder), signer.vkey, {
    verifySignature: verify,
    hashing: nodeTileHashing,
    ...(looksInside
      ? { checkEntry: (entry) => (parseEntry(entry).kind === 'entry' ? null : 'no entry') }
      : {}),
  })
  if (verdict.kind !== 'sound') throw new Error('the log is not sound')
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - begun) / 1000
  const cpu = (user + system) / 1e6
  const each = (cpu / verdict.size) * 1e6
  const scaled = (cpu * 10_000_000) / verdict.size
  const what = looksInside ? 'hashes and each entry' : 'hashes only'
  console.log(
    `| ${what} | ${verdict.size} | ${seconds.toFixed(1)} | ${cpu.toFixed(1)} | ${each.toFixed(2)} | ${scaled.toFixed(0)} |`,
  )
}

async function timeWitnesses(folder: string): Promise<void> {
  const journal = await journalIn(folder)
  const witnesses = [
    await runWitness(path.join(folder, 'w1'), journal.vkey),
    await runWitness(path.join(folder, 'w2'), journal.vkey),
  ]
  const under = await witnessJournal(journal, {
    policy: policyOf(journal.vkey, witnesses),
    directory: path.join(folder, 'log'),
    now: () => new Date(),
    report: (line) => console.error(line),
  })
  await under.witnessing.witnessed(under.size())
  const times: number[] = []
  for (let n = 0; n < 100; n++) {
    const begun = performance.now()
    const index = await under.append(someEntry())
    await under.witnessing.witnessed(index + 1)
    times.push(performance.now() - begun)
    // Appends come at any moment of a round.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400))
  }
  await under.close()
  for (const witness of witnesses) await witness.stop()
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0)
  console.log(
    `\nAppend to witnessed checkpoint, two witnesses on this machine, ${times.length} appends:`,
  )
  console.log(`median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(0.999)} ms`)
}

async function main(size: number, parent: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(parent, 'sallyport-proof-'))
  try {
    const load = os.loadavg()[0]?.toFixed(1) ?? '?'
    console.log(`${os.cpus()[0]?.model ?? ''}, Node ${process.versions.node}, load ${load}`)
    const log = path.join(folder, 'large')
    const bytes = writeLog(log, size)
    console.log(`${size} entries in ${(bytes / 1e6).toFixed(0)} MB\n`)
    console.log(
      '| verify | entries | seconds | CPU seconds | CPU µs each | CPU seconds for 10 million |',
    )
    console.log('| --- | ---: | ---: | ---: | ---: | ---: |')
    await timedVerify(log, false)
    await timedVerify(log, true)
    await timeWitnesses(path.join(folder, 'witnessed'))
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

await main(Number(process.argv[2] ?? 1_000_000), process.argv[3] ?? os.tmpdir())
