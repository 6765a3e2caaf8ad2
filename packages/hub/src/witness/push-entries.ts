/**
 * A cosigner of the policy asked for its signature, whichever it is: a witness answers with it at
 * once; a mirror (c2sp.org/tlog-mirror) takes the checkpoint, and cosigns when it was sent the entries.
 */

import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import {
  type AddEntries,
  formatAddEntries,
  makePackage,
  packagesOf,
  parseMirrorInfo,
} from '@sallyport/proof/tlog-mirror'
import type { PolicyWitness } from '@sallyport/proof/tlog-policy'

import {
  type AskedLog,
  type Post,
  type WitnessAnswer,
  askWitness,
  readCosignatures,
} from './ask-witness.ts'
import { witnessLimits } from './limits.ts'

export type CosignerAnswer =
  | Exclude<WitnessAnswer, { kind: 'accepted' }>
  /** A mirror that has entries up to `next` and lacks some: it is asked again at once. */
  | { readonly kind: 'receiving'; readonly next: number }

type AskOptions = { readonly post: Post; readonly answerMs: number }

/** Asks `cosigner` to cosign `note`; `known` is the size it has cosigned, as far as is known. Never throws. */
export async function askCosigner(
  log: AskedLog,
  note: string,
  cosigner: PolicyWitness,
  known: number,
  options: AskOptions,
): Promise<CosignerAnswer> {
  const answer = await askWitness(log, note, cosigner, known, options)
  if (answer.kind !== 'accepted') return answer
  return pushEntries(log, note, cosigner, known, options).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'unusable', detail: `It did not take the entries: ${reason}.` }
  })
}

/** Sends what the mirror says it lacks, as far as one round goes. */
async function pushEntries(
  log: AskedLog,
  note: string,
  mirror: PolicyWitness,
  known: number,
  { post, answerMs }: AskOptions,
): Promise<CosignerAnswer> {
  const opened = openCheckpoint(note, log.vkey, verify)
  if (opened.kind === 'refused' || mirror.url === null)
    return { kind: 'unusable', detail: 'There is nothing to send.' }
  const { origin, size } = opened.checkpoint
  const url = `${mirror.url.replace(/\/+$/, '')}/add-entries`
  const signal = AbortSignal.timeout(answerMs)
  const until = Date.now() + answerMs / 2
  // It has taken a checkpoint of `size`, so that is a tree that it knows.
  let ask: AddEntries = {
    origin,
    start: Math.min(known, size),
    end: size,
    ticket: new Uint8Array(),
  }
  for (let sent = 0; sent < witnessLimits.uploadsPerRoundMax && Date.now() < until; sent++) {
    const answer = await post(url, await requestOf(log, ask), signal)
    if (answer.status === 200) {
      if (ask.end !== size) return { kind: 'receiving', next: ask.end }
      const read = readCosignatures(note, answer.body, mirror, size)
      if (read.kind !== 'accepted') return read
      return { kind: 'unusable', detail: 'Its answer holds no cosignature of its key.' }
    }
    if (answer.status === 404) {
      const detail = 'Its answer holds no cosignature of its key, and it is no mirror of this log.'
      return { kind: 'unusable', detail }
    }
    const info = parseMirrorInfo(answer.contentType, answer.body)
    if (info === null || (answer.status !== 202 && answer.status !== 409))
      return { kind: 'unusable', detail: `It answered entries with ${answer.status}.` }
    if (info.size > size || info.next > info.size) {
      const detail = `It knows ${info.size} entries of this log and has ${info.next}; the log has ${size}.`
      return { kind: 'unusable', detail }
    }
    // The tree that was asked for stays the aim while the mirror knows it.
    ask = { origin, start: info.next, end: Math.max(info.size, info.next), ticket: info.ticket }
  }
  return { kind: 'receiving', next: ask.start }
}

/** As many packages as one request should hold, packed. */
async function requestOf({ tiles }: AskedLog, ask: AddEntries): Promise<Uint8Array> {
  const parts: Uint8Array[] = [formatAddEntries(ask)]
  let bytes = 0
  for (const range of packagesOf(ask.start, ask.end)) {
    if (parts.length > witnessLimits.packagesMax || bytes > witnessLimits.packageBytesMax) break
    const made = await makePackage(tiles, range, ask.end)
    bytes += made.length
    parts.push(made)
  }
  return promisify(gzip)(Buffer.concat(parts))
}
