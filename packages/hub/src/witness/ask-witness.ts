/** One witness asked for its cosignature, as c2sp.org/tlog-witness has it. */

import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { parseSignatureLines, signatureLine } from '@sallyport/proof/note'
import { proveGrowth } from '@sallyport/proof/prove'
import type { TileReader } from '@sallyport/proof/tiles'
import { openCosignatures } from '@sallyport/proof/tlog-cosignature'
import type { PolicyWitness } from '@sallyport/proof/tlog-policy'
import { formatAddCheckpoint, parseSizeAnswer } from '@sallyport/proof/tlog-witness'
import { addSignatures } from '@sallyport/proof/witnessed'

import { witnessLimits } from './limits.ts'

export type WitnessAnswer =
  /** `lines`: its signature lines, each checked. */
  | { readonly kind: 'cosigned'; readonly lines: string; readonly size: number }
  /** It took the checkpoint without a cosignature of its key: what a mirror does before it has the entries. */
  | { readonly kind: 'accepted'; readonly size: number }
  /**
   * The witness has seen a tree that ours does not continue: ours was rolled back (`size` is what
   * it has), or it is another history (`size` null).
   */
  | { readonly kind: 'contradicts'; readonly size: number | null; readonly detail: string }
  /** No answer that could be used: away, not configured for this log, or speaking otherwise. */
  | { readonly kind: 'unusable'; readonly detail: string }

/** The part of `fetch` that is used. */
export type Post = (
  url: string,
  /** Text, or bytes that are gzipped. */
  body: string | Uint8Array,
  signal: AbortSignal,
) => Promise<{
  readonly status: number
  readonly contentType: string | null
  readonly body: string
}>

export type AskedLog = {
  readonly vkey: string
  readonly tiles: TileReader
}

/**
 * Asks `witness` to cosign `note`, beginning with the size it was last known to have. Never throws:
 * whatever goes wrong on the way is `unusable`.
 */
export async function askWitness(
  log: AskedLog,
  note: string,
  witness: PolicyWitness,
  known: number,
  options: { readonly post: Post; readonly answerMs: number },
): Promise<WitnessAnswer> {
  const opened = openCheckpoint(note, log.vkey, verify)
  if (opened.kind === 'refused' || witness.url === null) {
    return { kind: 'unusable', detail: 'There is nothing to ask.' }
  }
  const { size } = opened.checkpoint
  const url = `${witness.url.replace(/\/+$/, '')}/add-checkpoint`
  const signal = AbortSignal.timeout(options.answerMs)
  let oldSize = Math.min(known, size)
  try {
    for (let tried = 0; tried < witnessLimits.sizesTriedMax; tried++) {
      const proof = await proveGrowth(log.tiles, oldSize, size)
      const answer = await options.post(url, formatAddCheckpoint({ oldSize, proof, note }), signal)
      if (answer.status === 200) return readCosignatures(note, answer.body, witness, size)
      const theirs = answer.status === 409 ? parseSizeAnswer(answer.contentType, answer.body) : null
      if (theirs !== null && theirs > size) {
        return {
          kind: 'contradicts',
          size: theirs,
          detail: `It has cosigned ${theirs} entries; this log has ${size}.`,
        }
      }
      if (answer.status === 422 || (answer.status === 409 && theirs === null)) {
        const detail = `It knows ${oldSize} entries of another history, and refused with ${answer.status}.`
        return { kind: 'contradicts', size: null, detail }
      }
      if (theirs === null) return { kind: 'unusable', detail: `It answered ${answer.status}.` }
      oldSize = theirs
    }
    return { kind: 'unusable', detail: 'Its size changes with every answer.' }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'unusable', detail: `It did not answer: ${reason}.` }
  }
}

/** Its own lines out of the answer; lines of other keys are passed over. */
export function readCosignatures(
  note: string,
  body: string,
  witness: PolicyWitness,
  size: number,
): WitnessAnswer {
  const parsed = body === '' ? [] : parseSignatureLines(body)
  if (parsed === null) return { kind: 'unusable', detail: 'Its answer is no signature line.' }
  const key = Buffer.from(witness.key.keyId)
  const lines = parsed
    .filter((one) => one.name === witness.key.name && key.equals(one.keyId))
    .map((one) => signatureLine(one))
    .join('')
  const opened = openCosignatures(addSignatures(note, lines), [witness.key], nodeVerifiers)
  if (opened.kind === 'refused') {
    return { kind: 'unusable', detail: 'Its cosignature does not fit its key.' }
  }
  if (opened.found.length === 0) return { kind: 'accepted', size }
  if (opened.found.every(({ found }) => found.kind === 'unverifiable')) {
    const detail =
      'It cosigns with ML-DSA-44, which this Node cannot check: Node 24.6 or newer can.'
    return { kind: 'unusable', detail }
  }
  return { kind: 'cosigned', lines, size }
}

/** POST over the network, without following redirects: an address of a witness is what was set. */
export const fetchPost: Post = async (url, body, signal) => {
  const headers =
    typeof body === 'string'
      ? { 'content-type': 'text/plain; charset=utf-8' }
      : { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' }
  const sent = typeof body === 'string' ? body : new Uint8Array(body)
  const answer = await fetch(url, {
    method: 'POST',
    body: sent,
    signal,
    headers,
    redirect: 'error',
  })
  const length = Number(answer.headers.get('content-length') ?? 0)
  if (length > witnessLimits.answerBytesMax) throw new Error('its answer is too long')
  const text = await answer.text()
  if (text.length > witnessLimits.answerBytesMax) throw new Error('its answer is too long')
  return { status: answer.status, contentType: answer.headers.get('content-type'), body: text }
}
