/** Calibrations as the API gives them: shares and counts, never a distance. */

import { createHash } from 'node:crypto'

import { laneKinds } from '@sallyport/core/crossing'
import { decideMatching } from '@sallyport/core/face-profile'
import type { Rate } from '@sallyport/core/face-rates'
import {
  type CalibrationFigures,
  calibrationFigures,
  type ErrorTradeOff,
} from '@sallyport/core/faces/calibration-figures'
import type { RatesAtLine } from '@sallyport/core/faces/vault-comparisons'
import { parseNote } from '@sallyport/proof/note'
import type { CalibrationRow } from '@sallyport/store/faces/calibrations'

import type { InService } from './calibrations.ts'
import type { Matching } from './judge-faces.ts'

/** Which calibration stands behind the answers of each kind of lane, and what each of them promises. */
export function inServiceView({ profile, model, calibrations }: Matching) {
  return {
    profile,
    model: { identity: model.identity, label: model.label, evaluation: model.evaluation },
    lanes: laneKinds.map((kind) => ({
      kind,
      sha256: calibrations.forLane(kind)?.sha256.toString('hex') ?? null,
    })),
    calibrations: calibrations.all().map((one) => calibrationInServiceView(one, model)),
  }
}

function calibrationInServiceView(one: InService, model: Matching['model']) {
  const { calibration, sha256, signed, signers } = one
  const { thresholds, curves, made_from: from } = calibration
  const production = decideMatching('production', model, { calibration, signed }, null)
  return {
    camera_class: calibration.camera_class,
    sha256: sha256.toString('hex'),
    made: calibration.made,
    made_from: { ...from, impostors: curves.impostors, genuine: curves.genuine },
    signers: [...signers],
    production:
      production.kind === 'allowed' ? null : { code: production.code, detail: production.detail },
    false_match_rate: thresholds.falseMatchRate,
    false_positive_identification_rate: thresholds.falsePositiveIdentificationRate,
    false_non_match_rate: thresholds.falseNonMatchRate,
    ...figuresView(calibrationFigures(calibration)),
  }
}

function figuresView({
  tradeOff,
  atLine,
  onOthers,
  failureToAcquire,
  searches,
  peopleMax,
}: CalibrationFigures) {
  return {
    trade_off: tradeOff.map(pointView),
    at_line: atLine === null ? null : pointView(atLine),
    on_others:
      onOthers === null
        ? null
        : {
            false_match: rateView(onOthers.falseMatch),
            false_non_match: rateView(onOthers.falseNonMatch),
          },
    failure_to_acquire: rateView(failureToAcquire),
    searches: searches.map((one) =>
      one.kind === 'too_few'
        ? one
        : { kind: one.kind, people: one.people, false_non_match: one.falseNonMatch },
    ),
    people_max: peopleMax,
  }
}

function pointView({ falseMatch, falseNonMatch }: ErrorTradeOff) {
  return { false_match: falseMatch, false_non_match: falseNonMatch }
}

/** None where nothing was compared. */
function rateView(rate: Rate) {
  if (rate.kind === 'too_few') return null
  const { errors, trials, value, low, high } = rate
  return { errors, trials, value, low, high }
}

/** A calibration that was made from what is held, with what came of it. */
export function madeView(row: CalibrationRow) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    purpose: row.purpose,
    model: row.model,
    captures: row.captures.length,
    people: row.people,
    classes:
      row.report?.classes.map((one) =>
        one.kind !== 'measured'
          ? one
          : {
              kind: one.kind,
              camera_class: one.camera_class,
              counts: one.counts,
              not_opened: one.not_opened,
              promised: one.promised,
              ...ratesView(one.rates),
              groups: one.groups.map((each) => ({ group: each.group, ...ratesView(each) })),
              calibration: one.calibration,
              sha256: one.calibration === null ? null : textSha256(one.calibration),
            },
      ) ?? null,
    vkey: row.report?.vkey ?? null,
    log_index: row.log_index,
    report_log_index: row.report_log_index,
  }
}

/** As calibrations in service are named: of the text, without its signatures. */
function textSha256(note: string): string | null {
  const text = parseNote(Buffer.from(note))?.text
  return text === undefined ? null : createHash('sha256').update(text).digest('hex')
}

function ratesView({ falseMatch, falseNonMatch }: RatesAtLine) {
  return { false_match: falseMatch, false_non_match: falseNonMatch }
}
