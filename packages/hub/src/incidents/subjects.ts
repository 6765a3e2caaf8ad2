/** A traveller asks what is held and who saw it: written to the log, then answered, others left out. */

import { createHash, randomBytes } from 'node:crypto'

import { foldPlateText } from '@sallyport/core/plate'
import { commit } from '@sallyport/proof/entry'
import {
  capturesOfCrossings,
  crossingsOfPlate,
  insertSubjectRequest,
  noteSubjectLogged,
  seenOf,
} from '@sallyport/store/incidents/subjects'

import { newId } from '../ids.ts'
import type { IncidentContext } from './incidents.ts'
import { incidentLimits } from './limits.ts'

/**
 * What is held of a plate and who saw it. Nobody else is named: neither officers nor other plates, and
 * no picture is opened, for a scene may show other people.
 */
export async function answerSubject(
  ask: { readonly plate: string; readonly reference: string; readonly account: string },
  { db, journal, now }: IncidentContext,
) {
  const most = incidentLimits.subjectCrossingsMax
  const crossings = await crossingsOfPlate(db, ask.plate, most + 1)
  const told = crossings.slice(0, most)
  const ids = told.map(({ id }) => id)
  const [captures, seen] = await Promise.all([capturesOfCrossings(db, ids), seenOf(db, ids)])
  const at = now()
  const answer = {
    request: newId(),
    at: at.toISOString(),
    reference: ask.reference,
    more: crossings.length > most,
    crossings: told.map((one) => ({
      id: one.id,
      captured_at: one.captured_at.toISOString(),
      port: one.port,
      lane: one.lane,
      direction: one.direction,
      plate_by: one.said_by,
      held: captures
        .filter(({ crossing }) => crossing === one.id)
        .map(({ class: name, shredded_at }) => ({
          class: name,
          shredded_at: shredded_at?.toISOString() ?? null,
        })),
      seen: seen
        .filter(({ crossing }) => crossing === one.id)
        .map(({ at: when, capture_class: name, purpose, party }) => ({
          at: when.toISOString(),
          class: name,
          purpose,
          party,
        })),
    })),
  }
  const text = JSON.stringify(answer)
  const [subjectSalt, answerSalt, bySalt] = [randomBytes(16), randomBytes(16), randomBytes(16)]
  const plate = foldPlateText(ask.plate)
  await insertSubjectRequest(db, {
    id: answer.request,
    at,
    account: ask.account,
    reference: ask.reference,
    subject_salt: subjectSalt,
    answer_sha256: createHash('sha256').update(text).digest(),
    answer_salt: answerSalt,
    by_salt: bySalt,
    log_index: null,
  })
  const logIndex = await journal.append({
    v: 1,
    at: answer.at,
    kind: 'subject_request',
    request: answer.request,
    subject: commit(subjectSalt, plate),
    answer: commit(answerSalt, createHash('sha256').update(text).digest('hex')),
    by: commit(bySalt, ask.account),
  })
  await noteSubjectLogged(db, answer.request, logIndex)
  return { ...answer, log_index: logIndex }
}
