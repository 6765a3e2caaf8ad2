/**
 * What goes from the rows when a body is shredded: its header, and everything that was read from it
 * or said about it. One transaction; done again it changes nothing.
 */

import { sql } from 'kysely'

import { forgetVehicles, platesOfShredding } from '../incidents/vehicles.ts'
import type { Db } from '../postgres/database.ts'
import { forgetCrossings } from '../stays/forget.ts'
import { forgetWindow } from '../window/steps.ts'

/** A statement names them one by one, and takes 65,535 values. */
const crossingsAtOnce = 5_000

/**
 * Erases the rows of a shredding whose key is destroyed. Where the reads go, what a person said of the
 * plate and possible matches go with them; of their entries in the log only the ids are kept.
 */
export async function eraseRows(
  db: Db,
  shredding: { readonly id: string; readonly class: string },
  at: Date,
): Promise<void> {
  const id = sql`${shredding.id}::uuid`
  await db.transaction().execute(async (transaction) => {
    if (shredding.class === 'reads') {
      const gone = sql`(select crossing from capture where shredding = ${id})`
      // Verdicts before their crossings, as a verdict takes effect: the other way round the two would
      // wait for each other. One whose entry is being written is noted too: the log will have it.
      for (const kind of ['verdict', 'watch_hit'] as const)
        await sql`with erased as (
            delete from ${sql.table(kind)} where crossing in ${gone} returning id, log_index
          )
          insert into shredded_row (kind, id, shredding, log_index)
          select ${kind}, id, ${id}, log_index from erased on conflict do nothing`.execute(
          transaction,
        )
      const plates = await platesOfShredding(transaction, shredding.id)
      await sql`update crossing set reads = null, plate_kind = 'none', plate_text = null,
          plate_folded = null, plate_confidence = null, verdict = null, verdict_folded = null
        from capture where capture.shredding = ${id}
          and crossing.id = capture.crossing and crossing.received_at = capture.received_at`.execute(
        transaction,
      )
      await forgetVehicles(transaction, plates)
      await sql`delete from review_claim where crossing in ${gone}`.execute(transaction)
      const { rows } = await sql<{ crossing: string }>`${gone}`.execute(transaction)
      for (let from = 0; from < rows.length; from += crossingsAtOnce) {
        const some = rows.slice(from, from + crossingsAtOnce).map(({ crossing }) => crossing)
        await forgetCrossings(transaction, some)
        await forgetWindow(transaction, some)
      }
      // A note is free text: it may say the plate.
      await sql`update opening set note = null where crossing in ${gone} and note is not null`.execute(
        transaction,
      )
      // What still waits to be sent would be sent without a plate.
      await sql`delete from delivery where subject in ${gone} and state = 'waiting'`.execute(
        transaction,
      )
    }
    // What was said of a face, and its template, go with its picture; who is forgotten stays counted.
    if (shredding.class === 'face') {
      const pictures = sql`(select id from capture where shredding = ${id})`
      await sql`delete from face where forgotten_at is null and capture in ${pictures}`.execute(
        transaction,
      )
      await sql`delete from traveller_hit where capture in ${pictures}`.execute(transaction)
    }
    await sql`update capture set header = ''::bytea, shredded_at = ${at},
        copy_hash = null, copy_quality = null, copy_algorithm = null
      where shredding = ${id} and shredded_at is null`.execute(transaction)
    await sql`update shredding set rows_erased_at = ${at}
      where id = ${id} and rows_erased_at is null`.execute(transaction)
  })
}
