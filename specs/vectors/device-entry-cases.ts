/** One entry of every kind about what devices say of themselves. */

import type { LogEntry } from '@sallyport/proof/entry'

export function deviceExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const order = id()
  return [
    {
      ...head,
      kind: 'device_event',
      event: id(),
      device: id(),
      sequence: 7,
      what: 'media_inserted',
      statement_sha256: hash(),
    },
    { ...head, kind: 'maintenance_ordered', order, device: id(), terms: hash(), by },
    { ...head, kind: 'maintenance_begun', order, by },
    { ...head, kind: 'maintenance_over', order, by },
  ]
}

/** The entry of a hand-over page. */
export function attestationExample(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
): LogEntry {
  return {
    ...head,
    kind: 'device_attested',
    attestation: id(),
    device: id(),
    statement_sha256: hash(),
  }
}
