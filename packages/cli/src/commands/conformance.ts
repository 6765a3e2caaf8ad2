/** `sallyport conformance`: another reader against our vectors, and head to head with ours. */

import { checkAnswer, fieldsOf, type Finding } from '@sallyport/core/reader-check'
import { addPicture, noScore, type ReaderScore } from '@sallyport/core/reader-score'

import {
  drawnPictures,
  emptyLane,
  folderPictures,
  type KnownPicture,
} from '../conformance/pictures.ts'
import {
  type ForeignReader,
  ownReader,
  readerAt,
  readerBehind,
  type Said,
} from '../conformance/readers.ts'
import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, progressLine } from '../terminal.ts'

type Options = {
  readonly url?: string
  readonly token?: string
  readonly command?: string
  readonly folder?: string
  readonly pictures: number
  readonly json?: boolean
}

type Check = { readonly check: string; readonly passed: boolean; readonly detail: string }
type Sheet = { readonly score: ReaderScore; readonly ms: readonly number[] }

/** Exit code 0 only when every check passes; the scores decide nothing. */
export async function conformance(options: Options): Promise<void> {
  const { url, command, token, folder, json = false } = options
  if ((url === undefined) === (command === undefined))
    throw new CommandFailure('Name one reader: --url or --command.', exitCodes.wrongUse)
  if (url !== undefined && !/^https?:\/\//.test(url))
    throw new CommandFailure('--url is an http or https address.', exitCodes.wrongUse)
  const foreign =
    url === undefined ? await readerBehind(command ?? '') : readerAt(url, token ?? null)
  const own = await ownReader()
  try {
    const pictures = folder === undefined ? drawnPictures(options.pictures) : folderPictures(folder)
    const progress = progressLine()
    const findings = new Map<string, Finding>()
    let silent = 0
    let theirs: Sheet = { score: noScore, ms: [] }
    let ours: Sheet = { score: noScore, ms: [] }
    let last: KnownPicture | null = null
    for await (const picture of pictures) {
      progress.show(`picture ${theirs.score.pictures + 1}`)
      const [said, theirMs] = await timed(() => foreign.read(picture.bytes, picture.name))
      const answer = said.kind === 'answer' && said.status < 300 ? said : null
      if (answer === null) silent += 1
      const checked = answer === null ? null : checkAnswer(foreign.format, answer.json)
      for (const one of checked?.findings ?? []) findings.set(one.field, one)
      theirs = added(theirs, picture, checked?.plates ?? [], theirMs)
      const [guesses, ourMs] = await timed(() => own.read(picture.bytes))
      ours = added(ours, picture, guesses, ourMs)
      last = picture
    }
    progress.end()
    if (last === null) throw new CommandFailure('There was no picture to read.', exitCodes.no)
    const checks = [
      ...shapeChecks(foreign, findings, silent, theirs.score.pictures),
      ...(await behaviourChecks(foreign, last.bytes)),
    ]
    print(checks, { theirs, ours }, json)
    if (checks.some(({ passed }) => !passed)) process.exitCode = exitCodes.no
  } finally {
    await foreign.close()
    await own.close()
  }
}

function added(
  { score, ms }: Sheet,
  { truth }: KnownPicture,
  guesses: Parameters<typeof addPicture>[2],
  took: number,
): Sheet {
  return { score: addPicture(score, truth, guesses), ms: [...ms, took] }
}

function shapeChecks(
  { format }: ForeignReader,
  findings: ReadonlyMap<string, Finding>,
  silent: number,
  pictures: number,
): readonly Check[] {
  const answered: Check = {
    check: 'answers every picture',
    passed: silent === 0,
    detail: silent === 0 ? `${pictures} pictures` : `${silent} of ${pictures} without an answer`,
  }
  if (silent === pictures) return [answered]
  const fields = fieldsOf(format).map((field): Check => {
    const found = findings.get(field)
    return {
      check: field,
      passed: found === undefined,
      detail: found?.problem ?? 'as clients expect',
    }
  })
  return [answered, ...fields]
}

/** What a client meets on a bad day. */
async function behaviourChecks(
  foreign: ForeignReader,
  picture: Uint8Array,
): Promise<readonly Check[]> {
  const refuses = (check: string, said: Said, from: number, to: number): Check => {
    const plates = said.kind === 'answer' ? checkAnswer(foreign.format, said.json).plates.length : 0
    const passed =
      said.kind === 'answer' && said.status >= from && said.status <= to && plates === 0
    return { check, passed, detail: said.kind === 'answer' ? `status ${said.status}` : said.reason }
  }
  const none = await foreign.read(await emptyLane(), 'empty.jpg')
  const empty =
    none.kind === 'answer' && none.status < 300 ? checkAnswer(foreign.format, none.json) : null
  const cut = await foreign.read(picture.subarray(0, picture.length / 3), 'cut.jpg')
  const text = await foreign.read(Buffer.from('this is no picture'), 'text.jpg')
  const checks = [
    {
      check: 'an empty lane is an answer without plates',
      passed: empty !== null && empty.plates.length === 0,
      detail: empty === null ? 'no answer' : `${empty.plates.length} plates`,
    },
    // Half a picture may be read as far as it goes, but must not end the reader.
    {
      check: 'half a picture does not break it',
      passed: cut.kind === 'answer' && cut.status < 500,
      detail: cut.kind === 'answer' ? `status ${cut.status}` : cut.reason,
    },
    refuses('what is no picture is refused', text, foreign.format === 'openalpr' ? 200 : 400, 499),
  ]
  if (foreign.asStranger === null) return checks
  const stranger = await foreign.asStranger(picture)
  return [...checks, refuses('a wrong token is refused', stranger, 401, 403)]
}

function print(
  checks: readonly Check[],
  sheets: { readonly theirs: Sheet; readonly ours: Sheet },
  json: boolean,
): void {
  const rows = [
    { reader: 'theirs', ...rowOf(sheets.theirs) },
    { reader: 'ours', ...rowOf(sheets.ours) },
  ]
  const failed = checks.filter(({ passed }) => !passed).length
  if (json) {
    for (const check of checks) jsonLine(check)
    for (const row of rows) jsonLine(row)
    return jsonLine({ checks: checks.length, failed })
  }
  for (const { check, passed, detail } of checks)
    console.log(`${passed ? 'pass' : 'FAIL'}  ${check}: ${detail}`)
  console.log('')
  console.log('reader  pictures  exact      found      false   ms (median)')
  for (const { reader, pictures, exact, found, false: wrong, ms_median } of rows) {
    const share = (count: number) => `${count} (${Math.round((100 * count) / pictures)} %)`
    console.log(
      [
        reader.padEnd(6),
        String(pictures).padStart(8),
        share(exact).padStart(10),
        share(found).padStart(10),
        String(wrong).padStart(6),
        String(ms_median).padStart(9),
      ].join('  '),
    )
  }
  console.log(failed === 0 ? 'It conforms.' : `${failed} of ${checks.length} checks failed.`)
}

function rowOf({ score, ms }: Sheet) {
  const sorted = ms.toSorted((a, b) => a - b)
  return {
    pictures: score.pictures,
    exact: score.exact,
    found: score.found,
    false: score.falsePlates,
    ms_median: Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10,
  }
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const started = performance.now()
  const result = await work()
  return [result, performance.now() - started]
}
