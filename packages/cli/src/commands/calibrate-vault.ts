/** `sallyport calibrate --vault`: a hub compares the faces that people confirmed, and tells totals. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { faceCalibration } from '@sallyport/hub/api/calibration-schemas'
import type { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import { openSession } from '../session/session.ts'
import { jsonLine, note } from '../terminal.ts'
import { thresholdsOf } from './calibrate.ts'

type Options = {
  readonly hub?: string
  readonly json?: boolean
  readonly purpose?: string
  readonly cameraClass?: string
  readonly fmr?: string
  readonly fpir?: string
  readonly fnmr?: string
  readonly output?: string
  readonly sign?: string
  readonly pairs?: string
  readonly name?: string
  readonly model?: string
}

type Answer = z.output<typeof faceCalibration>
type Measured = Extract<NonNullable<Answer['classes']>[number], { kind: 'measured' }>
type Rate = Measured['false_match']

/** Writes each calibration as `CLASS.calibration` into the folder `--output`. Exit code 1 when all are too few. */
export async function calibrateVault(folder: string | undefined, options: Options): Promise<void> {
  expectOwnOptions(folder, options)
  const thresholds = thresholdsOf(options)
  const hub = await openSession(options)
  const made = await hub.ask({
    method: 'POST',
    path: '/v1/face-calibrations',
    body: {
      purpose: options.purpose,
      camera_class: options.cameraClass ?? null,
      false_match_rate: thresholds.falseMatchRate,
      false_positive_identification_rate: thresholds.falsePositiveIdentificationRate,
      false_non_match_rate: thresholds.falseNonMatchRate,
    },
    answer: faceCalibration,
    waitMsMax: limits.photosMsMax,
  })
  if (options.json === true) jsonLine(made)
  else for (const one of made.classes ?? []) for (const line of linesOf(one)) console.log(line)
  await keep(made, options.output)
  note(`Log entries ${made.log_index ?? '?'} and ${made.report_log_index ?? '?'}.`)
  if (made.classes?.every(({ kind }) => kind !== 'measured') ?? true)
    throw new CommandFailure('Nothing can be said yet.', exitCodes.no)
}

function expectOwnOptions(folder: string | undefined, options: Options): void {
  const wrong = (['sign', 'pairs', 'name', 'model'] as const).find(
    (name) => options[name] !== undefined,
  )
  if (folder !== undefined || wrong !== undefined)
    throw new CommandFailure(
      `With --vault the hub has pictures, model and signing key: leave out ${wrong === undefined ? 'the folder' : `--${wrong}`}.`,
      exitCodes.wrongUse,
    )
  if (options.purpose !== 'evaluation' && options.purpose !== 'audit')
    throw new CommandFailure(
      'Say what for: --purpose evaluation makes a calibration, --purpose audit looks at the one in service.',
      exitCodes.wrongUse,
    )
}

async function keep({ classes, vkey }: Answer, output: string | undefined): Promise<void> {
  if (output === undefined || vkey === null) return
  await mkdir(output, { recursive: true })
  for (const one of classes ?? []) {
    if (one.kind !== 'measured' || one.calibration === null) continue
    const file = path.join(output, `${one.camera_class}.calibration`)
    await writeFile(file, one.calibration)
    note(`${file}: name it in face_calibrations`)
  }
  note(`Signed as ${vkey}: name it in face_calibration_keys`)
}

function linesOf(one: NonNullable<Answer['classes']>[number]): readonly string[] {
  if (one.kind === 'no_calibration')
    return [`${one.camera_class}: no calibration is in service, or it cannot keep its rate.`]
  const { people, genuine, impostors } = one.counts
  const held = `${genuine} pictures of ${people} confirmed people, ${impostors} comparisons of two`
  if (one.kind === 'too_few')
    return [
      `${one.camera_class}: too few to say. ${held}; it takes ${one.needed.genuine} pictures and ${one.needed.impostors} comparisons of two, as ${one.needed.people} people give them.`,
    ]
  return [
    `${one.camera_class}: ${held}`,
    `  FMR ${words(one.false_match)}, promised ${percent(one.promised)}`,
    `  FNMR ${words(one.false_non_match)} of those who were found; of whom the machine missed nobody knows`,
    ...one.groups.map(
      ({ group, false_match: fmr, false_non_match: fnmr }) =>
        `  ${group}: FMR ${words(fmr)}, FNMR ${words(fnmr)}`,
    ),
    ...(one.not_opened === 0 ? [] : [`  ${one.not_opened} templates did not open`]),
  ]
}

function words(rate: Rate): string {
  if (rate.kind === 'too_few') return `too few to say (${rate.trials} of ${rate.needed} needed)`
  return `${percent(rate.value)} (${rate.errors} of ${rate.trials}; ${percent(rate.low)} to ${percent(rate.high)})`
}

function percent(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`
}
