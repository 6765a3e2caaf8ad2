/** One class of camera: which stored pictures may be compared, and what comes of comparing them. */

import type { LaneKind } from '@sallyport/core/crossing'
import type { FaceThresholds } from '@sallyport/core/face-calibration'
import {
  type FaceCalibration,
  faceCalibrationFormat,
} from '@sallyport/core/face-calibration-document'
import type { ClassReport } from '@sallyport/core/faces/calibration-report'
import {
  carries,
  type ConfirmedCapture,
  type Counts,
  countComparisons,
  groupsOf,
  neededFor,
  plainName,
  takenCaptures,
} from '@sallyport/core/faces/vault-calibration'
import { confirmedEntry } from '@sallyport/core/stays/confirmed-traveller'
import { encodeKey } from '@sallyport/core/stays/passage'
import { windowState } from '@sallyport/core/window/window'
import { epochDay } from '@sallyport/proof/epoch'
import { type NoteSigner, signNote } from '@sallyport/proof/note'
import { confirmableFaces, type ConfirmableFace } from '@sallyport/store/faces/calibrations'
import { asStep, type WindowStepRow, windowSteps } from '@sallyport/store/window/steps'
import { openTemplate } from '@sallyport/vision/face/template-seal'

import { TaskThread } from '../task-thread.ts'
import type { CalibrationAnswer, CalibrationTask, OpenedFace } from './calibration-thread.ts'
import type { Matching } from './judge-faces.ts'
import { faceHubLimits } from './limits.ts'
import { keyUnder } from './load-gallery.ts'
import type { VaultCalibrationAsk, VaultCalibrationContext } from './vault-calibrations.ts'

type Context = VaultCalibrationContext & { readonly matching: Matching; readonly at: Date }

/** A sealed template of a capture, and that of the photograph it was confirmed against. */
type Stored = { readonly capture: ConfirmedCapture; readonly row: ConfirmableFace }

export type PlannedClass =
  | Exclude<ClassReport, { kind: 'measured' }>
  | {
      readonly kind: 'planned'
      readonly camera_class: LaneKind
      readonly faces: readonly Stored[]
      readonly needed: Counts
      readonly thresholds: FaceThresholds
    }

/** Counts what could be compared, without opening a template: where it is too few, none is opened. */
export async function planClass(
  kind: LaneKind,
  { purpose, thresholds: asked }: VaultCalibrationAsk,
  context: Context,
): Promise<PlannedClass> {
  const inService = context.matching.calibrations.forLane(kind)?.calibration ?? null
  if (purpose === 'audit' && inService === null)
    return { kind: 'no_calibration', camera_class: kind }
  const thresholds = purpose === 'audit' && inService !== null ? inService.thresholds : asked
  const stored = new Map(
    (await confirmedOf(kind, context)).map((one) => [one.capture.capture, one]),
  )
  const taken = takenCaptures([...stored.values()].map(({ capture }) => capture))
  const [counts, needed] = [countComparisons(taken), neededFor(purpose, thresholds.falseMatchRate)]
  if (!carries(counts, needed)) return { kind: 'too_few', camera_class: kind, counts, needed }
  const faces = taken.flatMap(({ capture }) => stored.get(capture) ?? [])
  return { kind: 'planned', camera_class: kind, faces, needed, thresholds }
}

/** Newest first: those of whom the steps of people say that it is who they were found to be. */
async function confirmedOf(kind: LaneKind, context: Context): Promise<readonly Stored[]> {
  const { db, at, matching } = context
  const rows = await confirmableFaces(
    db,
    { model: matching.model.identity, kind, at },
    faceHubLimits.calibrationFacesRead,
  )
  const steps = new Map<string, WindowStepRow[]>()
  for (const step of await windowSteps(db, [...new Set(rows.map(({ crossing }) => crossing))]))
    steps.set(step.crossing, [...(steps.get(step.crossing) ?? []), step])
  const day = epochDay(at)
  return rows
    .filter(({ crossing, entry, outcome }) => {
      const said = (steps.get(crossing) ?? []).map(asStep)
      return confirmedEntry(outcome, windowState(said)) === entry
    })
    .map((row) => ({
      row,
      capture: {
        capture: row.capture,
        crossing: row.crossing,
        entry: row.entry,
        identity: encodeKey({
          kind: 'document',
          issuer: row.document_issuer ?? 'XXX',
          number: row.document_number,
        }),
        name: plainName(row.name),
        born: row.born,
        groups: groupsOf(row, day),
      },
    }))
}

/** Opens the templates and has them compared; call when the log has what for. They are overwritten. */
export async function measureClass(
  planned: PlannedClass,
  { purpose }: VaultCalibrationAsk,
  context: Context & { readonly signer: NoteSigner },
): Promise<ClassReport> {
  if (planned.kind !== 'planned') return planned
  const { camera_class, faces, needed, thresholds } = planned
  const opened = openAll(faces, context)
  try {
    const counts = countComparisons(opened.map(({ capture }) => capture))
    const tooFew = { kind: 'too_few', camera_class, counts, needed } as const
    if (!carries(counts, needed)) return tooFew
    const inService = context.matching.calibrations.forLane(camera_class)?.calibration ?? null
    const answer = await compared({
      faces: opened,
      thresholds,
      before: inService?.curves ?? null,
      fit: purpose === 'evaluation',
    })
    if (answer.kind === 'too_few') return tooFew
    if (answer.kind === 'no_line') return { kind: 'no_calibration', camera_class }
    const { rates, groups } = answer
    const promised = thresholds.falseMatchRate
    const notOpened = faces.length - opened.length
    const told = { camera_class, counts, not_opened: notOpened, promised, rates, groups }
    if (answer.kind === 'looked_at') return { kind: 'measured', ...told, calibration: null }
    const calibration: FaceCalibration = {
      format: faceCalibrationFormat,
      model: context.matching.model.identity,
      camera_class,
      made: context.at.toISOString(),
      made_from: {
        name: `confirmed crossings of ${context.port.id}`,
        people: counts.people,
        pictures: opened.length + counts.people,
        pictures_without_face: 0,
      },
      thresholds,
      curves: answer.curves,
      cross_validated: answer.crossValidated,
    }
    const note = signNote(`${JSON.stringify(calibration, null, 2)}\n`, [context.signer])
    return { kind: 'measured', ...told, calibration: note }
  } finally {
    for (const { live, photo } of opened) {
      live.fill(0)
      photo.fill(0)
    }
  }
}

/** In a thread that ends with it, and its memory with the thread. */
async function compared(
  task: CalibrationTask,
): Promise<Exclude<CalibrationAnswer, { kind: 'refused' }>> {
  const thread = new TaskThread<CalibrationTask, CalibrationAnswer>(
    new URL('./calibration-thread.ts', import.meta.url),
    (detail) => ({ kind: 'refused', detail }),
  )
  try {
    const answer = await thread.ask(task)
    if (answer.kind === 'refused') throw new Error(answer.detail)
    return answer
  } finally {
    await thread.close()
  }
}

/** Those that open: a key may have gone since they were counted. */
function openAll(faces: readonly Stored[], context: Context): readonly OpenedFace[] {
  return faces.flatMap(({ capture, row }) => {
    const live = vectorOf(row.template, row.capture, row.kek, row.header, context)
    const photo = vectorOf(row.entry_template, row.entry, row.entry_kek, row.entry_header, context)
    if (live !== null && photo !== null) return [{ capture, live, photo }]
    live?.fill(0)
    photo?.fill(0)
    return []
  })
}

function vectorOf(
  sealed: Uint8Array,
  owner: string,
  kek: string,
  header: Uint8Array,
  { keks, matching }: Context,
): Float32Array | null {
  const key = keyUnder(kek, header, keks)
  const opened = key === null ? null : openTemplate(sealed, owner, key, matching.model)
  return opened?.kind === 'template' ? opened.template.vector : null
}
