/** What the tests of witnessing share: a journal in a folder, witnesses on real ports. */

import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import type { LogEntry } from '@sallyport/proof/entry'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { type NoteKey, parseVkey } from '@sallyport/proof/note'
import type { Cosigner } from '@sallyport/proof/tlog-cosignature'
import { type Policy, parsePolicy } from '@sallyport/proof/tlog-policy'
import { type Mirror, openMirror } from '@sallyport/store/witness/mirror-directory'
import { type Witness, openWitness } from '@sallyport/store/witness/witness-directory'

import { type Journal, openJournal } from '../journal.ts'
import { type WitnessServer, serveWitness } from './serve-witness.ts'
import { initWitness, openMirrorKeys } from './witness-home.ts'

export const origin = 'example.gov/sallyport'
const seed = new Uint8Array(32).fill(7)

/** A folder for the length of `use`. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-witness-'))
  try {
    return await use(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** The hub's own log in `folder`/log, always under the same key. */
export async function journalIn(folder: string, sizeMin = 0): Promise<Journal> {
  const directory = path.join(folder, 'log')
  const key = { seed, publicKey: publicKeyOf(seed) }
  return openJournal({ directory, origin, key, sizeMin, now: new Date('2026-11-22T10:00:00Z') })
}

/** An entry that no other is like. */
export function someEntry(): LogEntry {
  const by = randomBytes(32).toString('hex')
  return { v: 1, at: new Date().toISOString(), kind: 'session_started', by }
}

export type RunningWitness = {
  readonly cosigner: Cosigner
  readonly url: string
  readonly directory: string
  /** What it reported, one line an answer. */
  readonly reports: string[]
  readonly witness: Witness
  /** Its mirror, when it was asked for one. */
  readonly mirror: { readonly cosigner: Cosigner; readonly mirror: Mirror } | null
  stop(): Promise<void>
}

/** A witness of the log of `vkey` on a port of its own. */
export async function runWitness(
  directory: string,
  vkey: string,
  name = `${path.basename(directory)}.example/w`,
  withMirror = false,
): Promise<RunningWitness> {
  const [cosigner] = await initWitness(directory, name, { mlDsa: false })
  const key = parseVkey(vkey)
  if (cosigner === undefined || key === null) throw new Error('a witness has a key and a log')
  const reports: string[] = []
  const witness = await openWitness({ directory, cosigners: [cosigner], logs: [key] })
  const mirror = withMirror ? await mirrorIn(directory, witness, key) : null
  const server: WitnessServer = await serveWitness(witness, {
    ...(mirror === null ? {} : { mirror: mirror.mirror }),
    host: 'localhost',
    port: 0,
    now: () => new Date(),
    report: (line) => reports.push(line),
  })
  const url = `http://127.0.0.1:${server.port}`
  return { cosigner, url, directory, reports, witness, mirror, stop: () => server.stop() }
}

async function mirrorIn(directory: string, witness: Witness, log: NoteKey) {
  const [cosigner] = await openMirrorKeys(directory, `${path.basename(directory)}.example/m`)
  if (cosigner === undefined) throw new Error('a mirror has a key')
  const mirror = await openMirror({ directory, witness, cosigners: [cosigner], logs: [log] })
  return { cosigner, mirror }
}

/** The policy of a log and witnesses W1, W2 …; `quorum` as in tlog-policy's `group`. */
export function policyOf(
  vkey: string,
  witnesses: readonly { readonly cosigner: Cosigner; readonly url: string }[],
  quorum = 'all',
): Policy {
  const lines = witnesses.map(
    ({ cosigner, url }, at) => `witness W${at + 1} ${cosigner.vkey} ${url}`,
  )
  const members = witnesses.map((_, at) => `W${at + 1}`).join(' ')
  const file = `log ${vkey}\n${lines.join('\n')}\ngroup all-of-them ${quorum} ${members}\nquorum all-of-them\n`
  const parsed = parsePolicy(new TextEncoder().encode(file))
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.policy
}
