/** What a batch of bundles changes on the disk and in the rows, before its log entries. */

import { insertCrossings, viewForIntake } from '@sallyport/store/intake'
import type { Db } from '@sallyport/store/postgres/database'
import type { Vault } from '@sallyport/store/vault/segments'

import type { Deliveries } from '../delivery/deliveries.ts'
import type { Faces } from '../faces/faces.ts'
import type { WatchList } from '../watch/watch-list.ts'
import type { CheckedBundle } from './check.ts'
import { type BatchPlan, planBatch, rowsOf, type Sampling } from './plan.ts'

type StoreContext = {
  readonly db: Db
  readonly vault: Vault
  readonly watch: Pick<WatchList, 'keep'>
  readonly faces: Pick<Faces, 'keep'>
  readonly deliveries: Pick<Deliveries, 'queueCrossings'>
  readonly sampling: Sampling
}

/** Bodies and rows, in one transaction that holds the devices' rows. */
export function storeBatch(
  bundles: readonly CheckedBundle[],
  { db, vault, watch, faces, deliveries, sampling }: StoreContext,
): Promise<BatchPlan> {
  return db.transaction().execute(async (transaction) => {
    const view = await viewForIntake(
      transaction,
      bundles.map(({ bundle }) => bundle.manifest),
    )
    const plan = planBatch(bundles, view)
    const sealed = plan.accepted.flatMap(({ bundle }) =>
      bundle.bodies.map(({ body }, index) => ({
        sha256: Buffer.from(bundle.manifest.bodies[index]?.sha256 ?? '', 'hex'),
        body,
      })),
    )
    // Bodies first: a row must never point at bytes that are not on the disk.
    const places = [...(await vault.append(sealed))]
    const rows = plan.accepted.map((checked) =>
      rowsOf(
        checked,
        view.devices.get(checked.device.id),
        places.splice(0, checked.bundle.bodies.length),
        sampling,
      ),
    )
    const sources = new Map(
      plan.accepted.flatMap(({ device, reads }) =>
        reads === null ? [] : [[device.id, reads.source] as const],
      ),
    )
    await insertCrossings(transaction, rows, plan.cursors, sources)
    await watch.keep(transaction, plan.accepted)
    await faces.keep(transaction, plan.accepted)
    await deliveries.queueCrossings(
      transaction,
      plan.accepted.flatMap(({ bundle: { manifest }, receivedAt }) =>
        manifest.kind === 'crossing' ? [{ id: manifest.crossing, receivedAt }] : [],
      ),
    )
    return plan
  })
}
