/** Calibrations from what the hub holds: the faces that people confirmed, and what came of comparing them. */

import type { LaneKind } from '@sallyport/core/crossing'
import type { CalibrationReport } from '@sallyport/core/faces/calibration-report'
import type { FaceOutcome } from '@sallyport/core/faces/outcome'
import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

/** A face that was searched, with the one entry that it was found to be like, as far as both are here. */
export type ConfirmableFace = {
  readonly face: string
  readonly crossing: string
  readonly capture: string
  readonly kind: LaneKind
  readonly outcome: FaceOutcome
  readonly template: Buffer
  readonly header: Buffer
  readonly kek: string
  readonly entry: string
  readonly entry_template: Buffer
  readonly entry_header: Buffer
  readonly entry_kek: string
  readonly name: string
  readonly born: string | null
  readonly sex: 'F' | 'M' | 'X' | null
  readonly document_issuer: string | null
  readonly document_number: string
}

/**
 * Faces at lanes of this kind whose crossing people let go on, newest first. Whether they confirmed the
 * person, their steps say. Sealed templates only; what was shredded, forgotten or is over is not among them.
 */
export async function confirmableFaces(
  db: Db,
  { model, kind, at }: { readonly model: string; readonly kind: LaneKind; readonly at: Date },
  limit: number,
): Promise<readonly ConfirmableFace[]> {
  const { rows } = await sql<ConfirmableFace>`
    select face.id as face, face.crossing, face.capture, lane.kind, face.outcome, face.template,
      capture.header, capture.kek, entry.id as entry, entry.template as entry_template,
      entry.photo_header as entry_header, gallery.kek as entry_kek, entry.name,
      entry.born::text as born, traveller.sex, entry.document_issuer, entry.document_number
    from window_standing standing
    join face on face.crossing = standing.crossing and face.received_at = standing.received_at
    join lane on lane.id = face.lane
    join capture on capture.id = face.capture and capture.received_at = face.received_at
    join gallery_entry entry on entry.id = (face.outcome #>> '{candidates,0,entry}')::uuid
    join gallery on gallery.id = entry.gallery
    left join lateral (
      select sex from expected_traveller
      where list = gallery.list and document_number = entry.document_number
      order by place limit 1
    ) traveller on true
    where standing.standing in ('admitted', 'closed') and standing.opted_out_at is null
      and lane.kind = ${kind} and face.model = ${model} and gallery.model = ${model}
      and face.log_index is not null and face.template is not null
      and capture.shredding is null and capture.kek is not null
      and gallery.log_index is not null and gallery.ended_at is null and gallery.expires_at > ${at}
      and entry.template is not null and entry.photo_header is not null
      and entry.document_number is not null
    order by face.received_at desc, face.id
    limit ${limit}`.execute(db)
  return rows
}

export type CalibrationRow = Selectable<Database['face_calibration']> & {
  readonly account_name: string
}

export async function insertCalibration(
  db: Db,
  row: Insertable<Database['face_calibration']>,
): Promise<void> {
  await db.insertInto('face_calibration').values(row).execute()
}

export async function noteCalibrationLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('face_calibration')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

export async function noteCalibrationDone(
  db: Db,
  id: string,
  report: CalibrationReport,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('face_calibration')
    .set({ report: JSON.stringify(report), report_log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** Those that the log has, newest first. */
export async function listCalibrations(db: Db, limit: number): Promise<readonly CalibrationRow[]> {
  return withNames(db)
    .where('face_calibration.log_index', 'is not', null)
    .orderBy('face_calibration.at', 'desc')
    .orderBy('face_calibration.id')
    .limit(limit)
    .execute()
}

export async function calibrationById(db: Db, id: string): Promise<CalibrationRow | null> {
  const row = await withNames(db)
    .where('face_calibration.id', '=', id)
    .where('face_calibration.log_index', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

function withNames(db: Db) {
  return db
    .selectFrom('face_calibration')
    .innerJoin('account', 'account.id', 'face_calibration.account')
    .selectAll('face_calibration')
    .select('account.name as account_name')
}
