/** `sallyport compare`: whether two pictures show one person, for two pictures or a list of pairs. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import type { FaceCurves } from '@sallyport/core/face-calibration'
import { judgePair, type FaceVerdict, type Lines, linesForPair } from '@sallyport/core/face-verdict'
import { type FaceReader, mainFace } from '@sallyport/vision/face/face-reader'
import { type FaceTemplate, templateDistance } from '@sallyport/vision/face/template'

import { CommandFailure, exitCodes } from '../exit.ts'
import {
  type CalibrationOptions,
  calibrationFor,
  type ModelOptions,
  openModel,
} from '../faces/open-model.ts'
import { parsePairs } from '../faces/pairs.ts'
import { pictureIn } from '../faces/picture-list.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = ModelOptions &
  CalibrationOptions & { readonly pairs?: string; readonly json?: boolean }

/** One line of the answer. The distance is for measuring: no page and no API shows it. */
type Compared = {
  readonly a: string
  readonly b: string
  readonly distance: number | null
  readonly probability: number | null
  readonly verdict: FaceVerdict | 'no_face'
}

/**
 * Two pictures: exit code 0 for a match, 1 for every other answer. A list of pairs: 0 when every
 * picture could be read.
 */
export async function compare(
  first: string,
  second: string | undefined,
  options: Options,
): Promise<void> {
  const { pairs: file, json = false } = options
  const [pairs, folder] =
    file === undefined ? [[{ a: first, b: second ?? '' }], '.'] : [await pairsIn(file), first]
  if (file === undefined ? second === undefined : second !== undefined) {
    throw new CommandFailure(
      'Name two pictures, or --pairs FILE.csv and the folder of its pictures.',
      exitCodes.wrongUse,
    )
  }
  const reader = await openModel(options)
  try {
    const { curves, thresholds } = await calibrationFor(reader.model, options)
    const decided = linesForPair(curves, thresholds)
    if (decided.kind === 'refused') throw new CommandFailure(decided.detail, exitCodes.refused)
    const describe = describer(reader, folder)
    const progress = progressLine()
    if (file !== undefined && !json) console.log('a,b,distance,probability,verdict')
    for (const [index, { a, b }] of pairs.entries()) {
      if (pairs.length > 1) progress.show(`${index + 1} of ${pairs.length}`)
      const compared = judged({ a, b }, await describe(a), await describe(b), curves, decided.lines)
      progress.end()
      print(compared, file !== undefined, json)
      if (file === undefined && compared.verdict !== 'match') process.exitCode = exitCodes.no
    }
  } finally {
    await reader.close()
  }
}

function judged(
  { a, b }: { readonly a: string; readonly b: string },
  first: FaceTemplate | null,
  second: FaceTemplate | null,
  curves: FaceCurves,
  lines: Lines,
): Compared {
  if (first === null || second === null)
    return { a, b, distance: null, probability: null, verdict: 'no_face' }
  const compared = templateDistance(first, second)
  if (compared.kind === 'refused') throw new Error(compared.detail)
  const { verdict, probability } = judgePair(curves, lines, compared.distance)
  const rounded = (value: number) => Number(value.toFixed(6))
  return {
    a,
    b,
    distance: rounded(compared.distance),
    probability: rounded(probability),
    verdict,
  }
}

function print(compared: Compared, asTable: boolean, json: boolean): void {
  if (json) return jsonLine(compared)
  const { a, b, distance, probability, verdict } = compared
  if (asTable)
    return console.log([cell(a), cell(b), distance ?? '', probability ?? '', verdict].join(','))
  const words = {
    match: 'match',
    no_match: 'no match: these are two people',
    unsure: 'too close to call: look yourself',
    no_face: 'no face found in one of them',
  }[verdict]
  const sure = probability === null ? '' : ` (one person: ${(probability * 100).toFixed(1)} %)`
  console.log(`${words}${sure}`)
}

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function pairsIn(file: string): Promise<readonly { a: string; b: string }[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  const parsed = parsePairs(text)
  if (parsed.kind === 'refused')
    throw new CommandFailure(`${file}: ${parsed.detail}`, exitCodes.wrongUse)
  return parsed.pairs
}

/** Describes every picture once: lists of pairs name most of them several times. */
function describer(
  reader: FaceReader,
  folder: string,
): (name: string) => Promise<FaceTemplate | null> {
  const known = new Map<string, FaceTemplate | null>()
  return async (name) => {
    const described = known.get(name)
    if (described !== undefined) return described
    const template = await describeOne(reader, path.resolve(folder, name))
    known.set(name, template)
    return template
  }
}

async function describeOne(reader: FaceReader, file: string): Promise<FaceTemplate | null> {
  const decoded = await pictureIn(file)
  if (decoded.kind === 'refused') {
    note(`${file}: ${decoded.detail}`)
    process.exitCode = exitCodes.no
    return null
  }
  const found = await reader.look(decoded.picture, { describe: 'main' })
  return mainFace(found, decoded.picture)?.template ?? null
}
