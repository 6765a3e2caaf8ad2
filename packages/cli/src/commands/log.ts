/** `sallyport log verify` */

import { parseEntry } from '@sallyport/proof/entry'
import { continues } from '@sallyport/proof/fork'
import { type LogFinding, type LogFindingCode, verifyLog } from '@sallyport/proof/log-verify'
import { verify as verifySignature } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { nodeTileHashing } from '@sallyport/proof/node/tile-hashing'
import { tileHashReader } from '@sallyport/proof/tiles'
import { openWitnessed } from '@sallyport/proof/witnessed'

import { exitCodes } from '../exit.ts'
import { type LogPlace, openLogPlace } from '../log-place.ts'
import { readPolicyFile } from '../log-policy.ts'
import { jsonLine, progressLine } from '../terminal.ts'

type Options = {
  readonly vkey?: string
  readonly policy?: string
  readonly hashesOnly?: boolean
  readonly json?: boolean
}

type Bad = {
  readonly file: string
  readonly index: number | null
  readonly code: LogFindingCode | 'not_witnessed' | 'not_what_was_witnessed'
  readonly detail: string
}

/** Verifies a whole log; exit code 1 when anything does not hold. */
export async function verify(where: string, options: Options): Promise<void> {
  const { json = false, hashesOnly = false } = options
  const place = await openLogPlace(where, options.vkey)
  const progress = progressLine()
  const verdict = await verifyLog(place.reader, place.vkey, {
    verifySignature,
    hashing: nodeTileHashing,
    progress: ({ entries, size }) => progress.show(`${entries} of ${size} entries`),
    ...(hashesOnly ? {} : { checkEntry }),
  })
  progress.end()
  const signed = verdict.kind === 'sound' ? verdict : verdict.signed
  const bad: Bad[] = verdict.kind === 'sound' ? [] : verdict.findings.map(badOf)
  const witnessed =
    options.policy === undefined || signed === null || bad.length > 0
      ? null
      : await checkWitnessed(place, options.policy, signed.size)
  if (witnessed !== null && witnessed.bad !== null) bad.push(witnessed.bad)
  const root = signed === null ? null : Buffer.from(signed.root).toString('base64')
  const [first = null] = bad
  if (json) {
    jsonLine({
      size: signed?.size ?? null,
      root,
      verified: first === null,
      first_bad: first === null ? null : { ...first, explanation: explain(first.code) },
      findings: bad.length,
      witnessed: witnessed?.size ?? null,
      witnesses: witnessed?.witnesses ?? [],
    })
  } else {
    for (const { file, index, code, detail } of bad)
      console.log(`${file}${index === null ? '' : ` entry ${index}`}: ${code}: ${detail}`)
    if (first === null) {
      console.log(`The log is sound: ${signed?.size ?? 0} entries, root ${root ?? ''}`)
      if (witnessed !== null)
        console.log(
          `${witnessed.size} of them under witnesses: ${witnessed.witnesses.map(({ name, at }) => `${name} at ${at}`).join(', ')}`,
        )
    } else {
      console.log(`The log is NOT sound: ${bad.length} finding(s). ${explain(first.code)}`)
    }
  }
  if (first !== null) process.exitCode = exitCodes.no
}

type Witnessed = {
  readonly size: number | null
  readonly witnesses: readonly { readonly name: string; readonly at: string }[]
  readonly bad: Bad | null
}

/** Whether the log continues the checkpoint that its witnesses have cosigned. */
async function checkWitnessed(
  place: LogPlace,
  policyFile: string,
  size: number,
): Promise<Witnessed> {
  const policy = await readPolicyFile(policyFile, place.vkey)
  const file = 'witnessed-checkpoint'
  const note = (await place.beside(file)) ?? (await place.beside('checkpoint')) ?? ''
  const opened = openWitnessed(note, policy, nodeVerifiers)
  const none = { size: null, witnesses: [] }
  if (opened.kind === 'refused') {
    return {
      ...none,
      bad: { file, index: null, code: 'not_witnessed', detail: opened.detail },
    }
  }
  const { checkpoint, witnesses } = opened
  const read = tileHashReader(place.reader, size)
  if (checkpoint.size > size || !(await continues(read, checkpoint.size, checkpoint.root))) {
    const detail = `The witnesses cosigned ${checkpoint.size} entries that this log does not begin with.`
    return {
      ...none,
      bad: { file, index: null, code: 'not_what_was_witnessed', detail },
    }
  }
  const times = witnesses.map(({ name, time }) => ({
    name,
    at: new Date(time * 1000).toISOString(),
  }))
  return { size: checkpoint.size, witnesses: times, bad: null }
}

function checkEntry(entry: Uint8Array): string | null {
  const parsed = parseEntry(entry)
  return parsed.kind === 'refused' ? parsed.detail : null
}

function badOf({ path: file, index, code, detail }: LogFinding): Bad {
  return { file, index, code, detail }
}

/** What the first finding means, for somebody who has never looked into a log. */
function explain(code: Bad['code']): string {
  switch (code) {
    case 'missing_checkpoint':
      return 'Without its checkpoint nothing in the log is signed. Is this the folder of a log?'
    case 'malformed_note':
    case 'malformed_checkpoint':
    case 'bad_signature':
      return 'The signed head was changed or is damaged: nothing under it can be relied on. Fetch it again, and compare it with a witness or a mirror.'
    case 'no_known_signature':
    case 'other_origin':
    case 'malformed_vkey':
      return 'The log was signed with another key than the one you gave. Either the key is wrong, or this is not the log that you mean.'
    case 'bad_tile':
      return 'A file that the checkpoint stands on is missing or cut. Restore it from a mirror: whatever it held is proved by the others.'
    case 'entry_mismatch':
      return 'An entry is not what was logged, or its hash was changed with it. All before it stands; compare the named file with a mirror.'
    case 'tile_mismatch':
      return 'A file of hashes does not fit those below it: one of the two was changed after it was written. Compare both with a mirror.'
    case 'root_mismatch':
      return 'Every file fits the others, but not the signed root: the tree as a whole is not the one that was signed. That is no disk fault.'
    case 'malformed_entry':
      return 'The entry was logged as it stands, but is no entry of a Sallyport log. A newer version may know its kind.'
    case 'not_witnessed':
      return 'The hashes hold, but not enough of your witnesses have cosigned. Only the log itself vouches for its history.'
    case 'not_what_was_witnessed':
      return 'Witnesses have seen another history than the one shown here: the log was rolled back or forked. Keep both checkpoints; they are the proof.'
  }
}
