/**
 * Calibrations from what the hub holds. Templates of pictures whose people named persons confirmed are
 * opened in memory, after the log has what for, compared, and overwritten; totals come out. No picture is
 * opened, and nobody is told who is like whom.
 */

import { createHash, randomBytes } from 'node:crypto'

import type { LaneKind } from '@sallyport/core/crossing'
import type { FaceThresholds } from '@sallyport/core/face-calibration'
import type { CalibrationReport } from '@sallyport/core/faces/calibration-report'
import { type CalibrationPurpose, mayCalibrate } from '@sallyport/core/faces/vault-calibration'
import type { Role } from '@sallyport/core/opening'
import { utf8 } from '@sallyport/proof/bytes'
import { commit } from '@sallyport/proof/entry'
import { committedPictures } from '@sallyport/proof/face-entry'
import { hkdf } from '@sallyport/proof/node/age-payload'
import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { noteSigner } from '@sallyport/proof/note'
import { reportSha256 } from '@sallyport/store/candidate-evaluations'
import {
  insertCalibration,
  noteCalibrationDone,
  noteCalibrationLogged,
} from '@sallyport/store/faces/calibrations'
import type { PortRow } from '@sallyport/store/lanes'

import { newId } from '../ids.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { measureClass, type PlannedClass, planClass } from './calibrate-class.ts'
import { facesOff } from './faces-off.ts'
import type { Faces, FacesContext } from './faces.ts'

export type VaultCalibrationContext = Omit<FacesContext, 'events'> & {
  readonly faces: Pick<Faces, 'now'>
  readonly keks: Pick<KekDesk, 'keystore'>
  readonly port: PortRow
  readonly agencySeed: Uint8Array
  readonly logOrigin: string
}

export type VaultCalibrationAsk = {
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly purpose: CalibrationPurpose
  /** One class of camera, or each. */
  readonly classes: readonly LaneKind[]
  readonly thresholds: FaceThresholds
}

export type VaultCalibrations = {
  /** Answers when it is done and the log has what it says. One at a time. */
  make(ask: VaultCalibrationAsk): Promise<{ readonly kind: 'made'; readonly id: string } | Problem>
}

const signingInfo = utf8('sallyport/face-calibration/1')
const noSalt = new Uint8Array(0)
const logAway = 'The log cannot be written, so no template is opened and nothing is told.'

export function createVaultCalibrations(context: VaultCalibrationContext): VaultCalibrations {
  const { db, journal, now, report } = context
  // A key of its own that follows from the agency's: what it signs is never a statement of the agency.
  const seed = hkdf(context.agencySeed, noSalt, signingInfo)
  const name = `${context.logOrigin}/face-calibration`
  const signer = noteSigner(name, seed, publicKeyOf(seed), sign)
  let busy = false

  async function run(ask: VaultCalibrationAsk) {
    const matching = context.faces.now()
    if (typeof matching === 'string') return facesOff(matching)
    const at = now()
    const planned: PlannedClass[] = []
    for (const kind of ask.classes)
      planned.push(await planClass(kind, ask, { ...context, matching, at }))
    const id = await begin(ask, planned, matching.model.identity, at)
    if (typeof id !== 'string') return id
    const classes = []
    for (const one of planned)
      classes.push(await measureClass(one, ask, { ...context, matching, at, signer }))
    const signed = classes.some((one) => one.kind === 'measured' && one.calibration !== null)
    return tell(id, { classes, vkey: signed ? signer.vkey : null })
  }

  /** The row and the log entry; only then may a template be opened. */
  async function begin(
    { account, purpose }: VaultCalibrationAsk,
    planned: readonly PlannedClass[],
    model: string,
    at: Date,
  ): Promise<string | Problem> {
    const taken = planned.flatMap((one) => (one.kind === 'planned' ? one.faces : []))
    const captures = taken.map(({ capture }) => capture.capture)
    const people = new Set(taken.map(({ capture }) => capture.identity)).size
    const [id, setSalt, accountSalt] = [newId(), randomBytes(16), randomBytes(16)]
    await insertCalibration(db, {
      id,
      at,
      account: account.id,
      purpose,
      model,
      captures: captures.toSorted(),
      people,
      set_salt: setSalt,
      account_salt: accountSalt,
      log_index: null,
      report: null,
      report_log_index: null,
    })
    try {
      const logIndex = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'face_calibration',
        calibration: id,
        purpose,
        model_sha256: createHash('sha256').update(model).digest('hex'),
        captures: captures.length,
        people,
        set: commit(setSalt, committedPictures(captures)),
        by: commit(accountSalt, account.id),
      })
      await noteCalibrationLogged(db, id, logIndex)
      return id
    } catch (error) {
      report(`calibration: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', logAway)
    }
  }

  async function tell(id: string, told: CalibrationReport) {
    try {
      const logIndex = await journal.append({
        v: 1,
        at: now().toISOString(),
        kind: 'face_calibration_reported',
        calibration: id,
        report_sha256: reportSha256(told),
      })
      await noteCalibrationDone(db, id, told, logIndex)
      return { kind: 'made', id } as const
    } catch (error) {
      report(`calibration: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', logAway)
    }
  }

  return {
    async make(ask) {
      if (!mayCalibrate(ask.account.roles, ask.purpose))
        return problem(
          'purpose_not_for_role',
          `None of your roles may have stored faces compared for ${ask.purpose}. Supervisors may for evaluation, auditors for audit, the privacy officer for both.`,
        )
      if (busy) return problem('busy', 'A calibration is under way. Wait for its end.')
      busy = true
      try {
        return await run(ask)
      } finally {
        busy = false
      }
    },
  }
}
