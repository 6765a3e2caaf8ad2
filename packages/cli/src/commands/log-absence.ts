/** `sallyport log absence`: what was not opened between two witnessed checkpoints. */

import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import {
  type AbsenceSubject,
  type CheckedAbsence,
  type Disclosure,
  absenceLines,
  checkAbsence,
} from '@sallyport/proof/absence'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify as verifySignature } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { TileError } from '@sallyport/proof/tiles'

import { CommandFailure, exitCodes } from '../exit.ts'
import { type LogPlace, openLogPlace } from '../log-place.ts'
import { readPolicyFile } from '../log-policy.ts'
import { jsonLine, note } from '../terminal.ts'

type ExportOptions = {
  readonly capture?: string
  readonly account?: string
  readonly disclosures?: string
  readonly from: string
  readonly to?: string
  readonly policy: string
  readonly vkey?: string
  readonly output: string
  readonly json?: boolean
}

/** Writes a statement once it has been checked; writes none when the subject did open. */
export async function exportAbsence(where: string, options: ExportOptions): Promise<void> {
  const subject = subjectOf(options)
  const place = await openLogPlace(where, options.vkey)
  const policy = await readPolicyFile(options.policy, place.vkey)
  const from = await checkpointOf(place, options.from)
  const to = await checkpointOf(place, options.to ?? 'latest')
  if (from.checkpoint.size > to.checkpoint.size) {
    throw new CommandFailure('--from is later than --to.', exitCodes.wrongUse)
  }
  const disclosed = await readDisclosures(options.disclosures)
  const draft = `${options.output}.part`
  const file = await open(draft, 'w')
  try {
    const lines = absenceLines(
      place.reader,
      subject,
      from,
      to,
      (index) => disclosed.get(index) ?? null,
    )
    for await (const line of lines) await file.writeFile(`${line}\n`)
  } catch (error) {
    if (!(error instanceof TileError)) throw error
    throw new CommandFailure(`The log could not be read: ${error.message}.`)
  } finally {
    await file.close()
  }
  const checked = await checkAbsence(linesOf(draft), policy, nodeVerifiers)
  if (checked.kind === 'absent') await rename(draft, options.output)
  else await rm(draft)
  say(options.output, checked, options.json ?? false)
}

/** Checks a statement offline; exit code 1 when it does not hold. */
export async function check(
  file: string,
  options: { readonly policy: string; readonly vkey?: string; readonly json?: boolean },
): Promise<void> {
  const policy = await readPolicyFile(options.policy, options.vkey)
  const found = await open(file).catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  await found.close()
  say(file, await checkAbsence(linesOf(file), policy, nodeVerifiers), options.json ?? false)
}

function say(file: string, checked: CheckedAbsence, json: boolean): void {
  if (checked.kind !== 'absent') process.exitCode = exitCodes.no
  if (json) {
    jsonLine({ file, holds: checked.kind === 'absent', ...told(checked) })
    return
  }
  switch (checked.kind) {
    case 'refused':
      console.log(`${file} does NOT hold: ${checked.code}: ${checked.detail}`)
      return
    case 'present':
      console.log(`NOT absent: opened at log index ${checked.indexes.join(', ')}.`)
      return
    case 'absent': {
      const { subject, from, to, entries, openings } = checked
      const what = subject.kind === 'capture' ? 'was not opened' : 'opened no original'
      console.log(
        `${subject.kind} ${subject.id} ${what} between entry ${from.size} and ${to.size}.`,
      )
      console.log(`First tree cosigned by ${times(from)}; second by ${times(to)}.`)
      console.log(`${entries} entries were looked at, ${openings} of them openings of others.`)
      note(
        'It says what the log has, between these two trees as the witnesses saw them: no copy made before, no look past the log, and no other account of the same person.',
      )
    }
  }
}

function told(checked: CheckedAbsence): object {
  switch (checked.kind) {
    case 'refused':
      return { code: checked.code, detail: checked.detail }
    case 'present':
      return { code: 'opened', indexes: checked.indexes }
    case 'absent': {
      const { subject, from, to, entries, openings } = checked
      return { subject, from, to, entries, openings }
    }
  }
}

function times({ witnesses }: { readonly witnesses: readonly { name: string; time: number }[] }) {
  return witnesses
    .map(({ name, time }) => `${name} at ${new Date(time * 1000).toISOString()}`)
    .join(', ')
}

function subjectOf({ capture, account, disclosures }: ExportOptions): AbsenceSubject {
  if ((capture === undefined) === (account === undefined)) {
    throw new CommandFailure('Give either --capture or --account.', exitCodes.wrongUse)
  }
  if (capture !== undefined) return { kind: 'capture', id: capture.replaceAll('-', '') }
  if (disclosures === undefined) {
    throw new CommandFailure(
      'An account needs --disclosures: the hub has them at /v1/log/disclosures for auditors.',
      exitCodes.wrongUse,
    )
  }
  return { kind: 'account', id: account ?? '' }
}

/** `latest`, the size of one that the log keeps, or a file. */
async function checkpointOf(place: LogPlace, which: string) {
  const kept = /^\d{1,15}$/.test(which)
  const found = kept
    ? await place.beside(`witnessed/${which}`)
    : which === 'latest'
      ? await place.beside('witnessed-checkpoint')
      : await readFile(which, 'utf8').catch(() => null)
  if (found === null) {
    throw new CommandFailure(
      `There is no witnessed checkpoint ${which}. Those that a hub keeps are listed at /log/witnessed.`,
      exitCodes.wrongUse,
    )
  }
  const opened = openCheckpoint(found, place.vkey, verifySignature)
  if (opened.kind === 'refused')
    throw new CommandFailure(`${which}: ${opened.detail}`, exitCodes.no)
  return { note: found, checkpoint: opened.checkpoint }
}

/** What the hub answers at /v1/log/disclosures, one page a line. */
async function readDisclosures(file: string | undefined): Promise<Map<number, Disclosure>> {
  const found = new Map<number, Disclosure>()
  if (file === undefined) return found
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line.trim() === '') continue
    const page = pageOf(line)
    if (page === null) {
      throw new CommandFailure(`${file} is no list of disclosures.`, exitCodes.wrongUse)
    }
    for (const { index, salt, account } of page) {
      if (typeof index !== 'number' || typeof salt !== 'string' || typeof account !== 'string') {
        throw new CommandFailure(`${file} is no list of disclosures.`, exitCodes.wrongUse)
      }
      found.set(index, { salt, value: account })
    }
  }
  return found
}

function pageOf(line: string): readonly Readonly<Record<string, unknown>>[] | null {
  try {
    const { disclosures } = JSON.parse(line) as { readonly disclosures?: unknown }
    return Array.isArray(disclosures) ? disclosures : null
  } catch {
    return null
  }
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
}
