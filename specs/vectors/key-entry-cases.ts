/** One entry of every kind about keys. */

import type { LogEntry } from '@sallyport/proof/entry'

export function keyExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const [kek, hold] = [id(), id()]
  const [port, day] = ['north-bridge', '2026-07-22']
  const root = { holder: 'file', reference_sha256: hash(), generation: 2 }
  return [
    { ...head, kind: 'kek_created', kek, class: 'scene', day, port, use: 'day' },
    { ...head, kind: 'kek_created', kek: hold, class: 'face', day, port, use: 'hold' },
    { ...head, kind: 'kek_destruction_requested', kek },
    { ...head, kind: 'kek_destroyed', kek },
    { ...head, kind: 'keystore_opened', ...root, keks: 412 },
    { ...head, kind: 'root_replaced', ...root },
    { ...head, kind: 'root_recovered', ...root },
    {
      ...head,
      kind: 'root_shared',
      reference_sha256: root.reference_sha256,
      shares: 5,
      threshold: 3,
    },
    {
      ...head,
      kind: 'day_closed',
      device: id(),
      through: day,
      last_sequence: 1204,
      statement_sha256: hash(),
    },
    { ...head, kind: 'epoch_rest_lost', port, day, by },
    ...(['closed', 'declared_lost', 'expired', 'rotated_out'] as const).map((how) => ({
      ...head,
      kind: 'epoch_destroyed' as const,
      port,
      day,
      recipient_sha256: hash(),
      how,
    })),
    ...(['incident', 'restored'] as const).map((why, at) => ({
      ...head,
      kind: 'epochs_rotated' as const,
      port,
      rotation: id(),
      // The clock went back between the two: the later one still says a later time.
      rotated_at: `2026-07-22T14:03:11.25${at}Z`,
      from: day,
      why,
    })),
    { ...head, kind: 'clock_confirmed', trusted_at: '2026-07-21T23:59:58.000Z', by },
  ]
}
