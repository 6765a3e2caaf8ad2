/** One entry of every kind about scopes and incidents. */

import type { LogEntry } from '@sallyport/proof/entry'

export function incidentExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const [scope, incident] = [id(), id()]
  return [
    { ...head, kind: 'scope_stated', scope, version: 1, document: hash(), by },
    {
      ...head,
      kind: 'scope_stated',
      scope: id(),
      version: 2,
      document: hash(),
      by,
      incident,
      revises: scope,
    },
    { ...head, kind: 'incident_opened', incident, by },
    { ...head, kind: 'incident_reported', report: id(), incident, said: hash() },
    {
      ...head,
      kind: 'containment',
      step: id(),
      incident,
      act: 'device_quarantined',
      target: hash(),
      by,
    },
    { ...head, kind: 'containment_lifted', step: id(), by },
    {
      ...head,
      kind: 'notice_sent',
      notice: id(),
      incident,
      rule: 'congress_7_days',
      version: 2,
      text: hash(),
      proof_sha256: hash(),
      by,
    },
    { ...head, kind: 'subject_request', request: id(), subject: hash(), answer: hash(), by },
    { ...head, kind: 'scope_month_exported', export: id(), month: '2026-05-01', files: hash() },
    { ...head, kind: 'scope_recounted', scope, outcome: 'agrees', by },
    { ...head, kind: 'scope_faces_opened', scope, faces: 19, captures: hash(), by },
  ]
}
