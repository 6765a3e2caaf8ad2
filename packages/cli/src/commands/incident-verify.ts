/** `sallyport incident verify`: reproduces the numbers of a scope from its bundle, asking nobody. */

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

import { dayIn } from '@sallyport/core/calendar'
import { countScope, type GradedCounts } from '@sallyport/core/scope/counts'
import { linesOf as legalLinesOf } from '@sallyport/core/scope/legal-lines'
import { withPeople } from '@sallyport/core/scope/people'
import { type Grade, grades } from '@sallyport/core/scope/question'
import { changesBetween } from '@sallyport/core/scope/revision'
import type { ScopeDocument } from '@sallyport/core/scope/scope'
import { verify as verifySignature } from '@sallyport/proof/node/ed25519'
import { type CheckedBundle, checkScopeBundle } from '@sallyport/proof/scope-bundle'
import { parseBundleLine } from '@sallyport/proof/scope-bundle-lines'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note } from '../terminal.ts'
import { packHead, verifyPack } from './incident-pack.ts'
import { sayScope } from './incident-scope.ts'

export type VerifyOptions = {
  readonly vkey?: string
  readonly agency?: string
  readonly json?: boolean
}

/** Exit code 1 when a signature, a proof, a row or a single number does not hold. */
export async function verifyBundle(file: string, options: VerifyOptions): Promise<void> {
  const head = await headOf(file)
  const trusted = { vkey: options.vkey ?? head.vkey, agency: options.agency ?? head.agency }
  if (head.kind === 'pack') {
    await verifyPack(file, linesOf(file), trusted, options)
    return sayWhoseKeys(options)
  }
  const checked = await checkScopeBundle(linesOf(file), trusted, verifySignature)
  if (checked.kind === 'refused') return refused(file, checked.code, checked.detail, options)
  const document = JSON.parse(checked.document) as ScopeDocument
  const wrongDay = checked.pictures.find(
    ({ capturedAt, day }) => dayIn(document.zone, capturedAt) !== day,
  )
  if (wrongDay !== undefined)
    return refused(
      file,
      'day_differs',
      `Picture ${wrongDay.capture} was not taken on ${wrongDay.day}.`,
      options,
    )
  const counted = countBundle(checked)
  const { total, grades: byGrade } = document.result
  const [different] = changesBetween({ total, grades: byGrade }, counted)
  if (different !== undefined)
    return refused(
      file,
      'number_differs',
      `The document says ${different.figure} ${different.before}; its rows make ${different.after}.`,
      options,
    )
  if (JSON.stringify(legalLinesOf(counted)) !== JSON.stringify(document.result.lines))
    return refused(
      file,
      'number_differs',
      'The legal lines do not follow from the numbers.',
      options,
    )
  const { size } = checked.checkpoint
  if (options.json === true)
    return jsonLine({
      file,
      holds: true,
      scope: document.scope,
      version: document.version,
      pictures: counted.total.pictures,
      people: { low: counted.total.people.low, high: counted.total.people.high },
      entries: checked.entries,
      log_size: size,
      by_release: checked.byRelease,
    })
  sayScope(document)
  console.log(`Every number follows from ${checked.entries} entries of a log of ${size}.`)
  sayWhoseKeys(options)
  note(
    'Pictures, crossings, lanes and days are bound to the log; which plates and people are the same is what the agency signed. That nothing was left out is shown by the log as a whole, not by a part of it.',
  )
}

/** What the rows of a bundle make; people as its document was stated with, where faces were compared. */
function countBundle(checked: Extract<CheckedBundle, { readonly kind: 'checked' }>): GradedCounts {
  const pictures = checked.pictures.flatMap((picture) => {
    const grade = grades.find((one) => one === picture.grade)
    return grade === undefined ? [] : [{ ...picture, grade: grade as Grade }]
  })
  const of = (crossing: string) =>
    checked.crossings.get(crossing) ?? { vehicle: null, identity: null }
  const counts = countScope(pictures, of)
  const { people } = checked
  return people === null
    ? counts
    : withPeople(counts, pictures, (crossing) => of(crossing).vehicle, people)
}

function sayWhoseKeys({ vkey, agency, json }: VerifyOptions): void {
  if (json !== true && (vkey === undefined || agency === undefined))
    note(
      'The keys are those in the file. With --vkey and --agency it is also known whose they are.',
    )
}

function refused(file: string, code: string, detail: string, { json }: VerifyOptions): void {
  process.exitCode = exitCodes.no
  if (json === true) jsonLine({ file, holds: false, code, detail })
  else console.log(`${file} does NOT hold: ${code}: ${detail}`)
}

async function headOf(file: string) {
  const found = await open(file).catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  await found.close()
  for await (const line of linesOf(file)) {
    const head = parseBundleLine(line) ?? packHead(line)
    if (head?.kind === 'head' || head?.kind === 'pack') return head
    break
  }
  throw new CommandFailure(
    `${file} is no bundle of a scope and no pack of an incident.`,
    exitCodes.no,
  )
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
}
