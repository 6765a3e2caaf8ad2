/** `sallyport calibrate`: what distances mean for one model and one class of camera, measured on known people. */

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { defaultThresholds, type FaceThresholds, fitCurves } from '@sallyport/core/face-calibration'
import {
  type FaceCalibration,
  faceCalibrationFormat,
} from '@sallyport/core/face-calibration-document'
import { crossValidate, joined } from '@sallyport/core/face-cross-validation'
import { groupFigures } from '@sallyport/core/face-metrics'
import { type Rate, rateOf } from '@sallyport/core/face-rates'
import { linesForPair } from '@sallyport/core/face-verdict'
import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { noteSigner, parseSkey, signNote } from '@sallyport/proof/note'
import { type FaceReader, mainFace } from '@sallyport/vision/face/face-reader'
import { vectorDistance } from '@sallyport/vision/face/template'

import { CommandFailure, exitCodes } from '../exit.ts'
import { foldsOf, type KnownPicture, personOf, picturesOfPeople } from '../faces/known-people.ts'
import { type ModelOptions, openModel } from '../faces/open-model.ts'
import { type Pair, parsePairs } from '../faces/pairs.ts'
import { pictureIn } from '../faces/picture-list.ts'
import { note, progressLine } from '../terminal.ts'

type Options = ModelOptions & {
  readonly pairs?: string
  readonly cameraClass?: string
  readonly name?: string
  readonly fmr?: string
  readonly fpir?: string
  readonly fnmr?: string
  readonly sign?: string
  readonly output?: string
}

/** Measures, prints the figures on stderr and writes the calibration, signed where a key is given. */
export async function calibrate(folder: string | undefined, options: Options): Promise<void> {
  if (folder === undefined)
    throw new CommandFailure(
      'Name a folder of pictures, or measure at a hub with --vault --purpose evaluation.',
      exitCodes.wrongUse,
    )
  const thresholds = thresholdsOf(options)
  const signer = options.sign === undefined ? null : await signerIn(options.sign)
  const pairs = options.pairs === undefined ? [] : await pairsIn(options.pairs)
  const wanted = pairs.length === 0 ? await peopleIn(folder) : peopleOf(pairs)
  const reader = await openModel(options)
  const pictures = await describeAll(reader, folder, wanted).finally(() => reader.close())
  const folds = foldsOf(pictures, pairs, vectorDistance)
  const fitted = fitCurves(joined(folds))
  if (fitted.kind === 'refused') throw new CommandFailure(fitted.detail, exitCodes.no)
  const { curves } = fitted
  const lines = linesForPair(curves, thresholds)
  if (lines.kind === 'refused') throw new CommandFailure(lines.detail, exitCodes.no)
  const without = pictures.filter(({ vector }) => vector === null).length
  const calibration: FaceCalibration = {
    format: faceCalibrationFormat,
    model: reader.model.identity,
    camera_class: options.cameraClass ?? 'any',
    made: new Date().toISOString(),
    made_from: {
      name: options.name ?? path.basename(path.resolve(folder)),
      people: new Set(pictures.map(({ person }) => person)).size,
      pictures: pictures.length,
      pictures_without_face: without,
    },
    thresholds,
    curves,
    cross_validated: crossValidate(folds, thresholds),
  }
  report(calibration, rateOf(without, pictures.length))
  const trials = folds.flatMap((fold) => fold.pairs)
  for (const { group, falseMatchRate, falseNonMatchRate } of groupFigures(trials, lines.lines.match)
    .groups)
    note(`Group ${group}: FMR ${words(falseMatchRate)}, FNMR ${words(falseNonMatchRate)}.`)
  const text = `${JSON.stringify(calibration, null, 2)}\n`
  const written = signer === null ? text : signNote(text, [signer])
  if (options.output === undefined) process.stdout.write(written)
  else await writeFile(options.output, written)
  if (signer === null) note('Not signed: it counts for trying out only. Give a key with --sign.')
}

function report(
  { curves, thresholds, cross_validated: checked }: FaceCalibration,
  fta: Rate,
): void {
  note(`Failure to acquire: ${words(fta)}.`)
  note(`Comparisons: ${curves.genuine} of one person, ${curves.impostors} of two.`)
  if (checked === null) {
    note('No folds: the rates are those of the people it was fitted on, and lean to the kind side.')
    return
  }
  note(
    `On people not fitted on, for an FMR of ${thresholds.falseMatchRate}: FMR ${words(rateOf(checked.false_matches, checked.impostors))}, FNMR ${words(rateOf(checked.false_non_matches, checked.genuine))}.`,
  )
  if (checked.pairs > 0)
    note(`Listed pairs answered rightly: ${words(rateOf(checked.right, checked.pairs))}.`)
}

function words(rate: Rate): string {
  const percent = (value: number) => `${Number((value * 100).toPrecision(3))} %`
  if (rate.kind === 'too_few')
    return `too few to say (${rate.errors} of ${rate.trials}, below ${percent(rate.high)})`
  return `${percent(rate.value)} (${rate.errors} of ${rate.trials}; ${percent(rate.low)} to ${percent(rate.high)})`
}

type Wanted = Omit<KnownPicture, 'vector'>

async function peopleIn(folder: string): Promise<readonly Wanted[]> {
  return (await picturesOfPeople(folder)).map((one) => ({ ...one, fold: '' }))
}

function peopleOf(pairs: readonly Pair[]): readonly Wanted[] {
  const found = new Map<string, Wanted>()
  for (const { a, b, fold } of pairs)
    for (const file of [a, b]) found.set(file, { file, person: personOf(file), fold: fold ?? '' })
  return [...found.values()]
}

async function describeAll(
  reader: FaceReader,
  folder: string,
  wanted: readonly Wanted[],
): Promise<readonly KnownPicture[]> {
  const progress = progressLine()
  const pictures: KnownPicture[] = []
  for (const [index, one] of wanted.entries()) {
    progress.show(`${index + 1} of ${wanted.length}`)
    const decoded = await pictureIn(path.resolve(folder, one.file))
    if (decoded.kind === 'refused') note(`${one.file}: ${decoded.detail}`)
    const found =
      decoded.kind === 'picture' ? await reader.look(decoded.picture, { describe: 'main' }) : []
    const main = decoded.kind === 'picture' ? mainFace(found, decoded.picture) : null
    pictures.push({ ...one, vector: main?.template?.vector ?? null })
  }
  progress.end()
  return pictures
}

async function pairsIn(file: string): Promise<readonly Pair[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  const parsed = parsePairs(text)
  if (parsed.kind === 'refused')
    throw new CommandFailure(`${file}: ${parsed.detail}`, exitCodes.wrongUse)
  return parsed.pairs
}

/** The rates that are asked for, or the defaults. Throws for what is no share. */
export function thresholdsOf({
  fmr,
  fpir,
  fnmr,
}: Pick<Options, 'fmr' | 'fpir' | 'fnmr'>): FaceThresholds {
  return {
    falseMatchRate: shareOf('--fmr', fmr, defaultThresholds.falseMatchRate),
    falsePositiveIdentificationRate: shareOf(
      '--fpir',
      fpir,
      defaultThresholds.falsePositiveIdentificationRate,
    ),
    falseNonMatchRate: shareOf('--fnmr', fnmr, defaultThresholds.falseNonMatchRate),
  }
}

function shareOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const share = Number(text)
  if (share > 0 && share < 0.5) return share
  throw new CommandFailure(
    `${name} is a share between 0 and 0.5, such as 0.0001, not ${text}.`,
    exitCodes.wrongUse,
  )
}

/** The signing key, in the form of a note signer (PRIVATE+KEY+…), as `<data>/keys/log.key` has it. */
async function signerIn(file: string) {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  })
  const key = parseSkey(text.trim())
  if (key === null)
    throw new CommandFailure(`${file} holds no signing key (PRIVATE+KEY+…).`, exitCodes.wrongUse)
  const signer = noteSigner(key.name, key.seed, publicKeyOf(key.seed), sign)
  note(`Signed as ${signer.vkey}`)
  return signer
}
