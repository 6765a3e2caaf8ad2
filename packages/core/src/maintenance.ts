/** Work at a lane: who may begin and end it, and when. Pure: rows and the hub's clock in, a decision out. */

export type WorkOrder = {
  readonly madeBy: string
  readonly from: Date
  readonly until: Date
  readonly begunAt: Date | null
  readonly endedAt: Date | null
}

/** Hours that one order may cover; a longer visit is another order. */
const maintenanceHoursMax = 72

export type MaintenanceDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code:
        | 'maintenance_own_order'
        | 'maintenance_not_now'
        | 'needs_live_approval'
        | 'signs_for_same_unit'
      readonly detail: string
    }

/** What a supervised party's work needs: a person of another unit than the order's writer, who stays beside it. */
export type Beside = {
  readonly supervised: boolean
  /** Whoever begins it says that they stay. */
  readonly watching: boolean
  /** They and whoever wrote the order are of one unit. */
  readonly sameUnit: boolean
}

/** Another person of the agency than the one who wrote the order begins it, within its window. */
export function decideBeginning(
  order: WorkOrder,
  by: string,
  { supervised, watching, sameUnit }: Beside,
  now: Date,
): MaintenanceDecision {
  if (order.madeBy === by)
    return refuse(
      'maintenance_own_order',
      'You wrote this work order. Another person of the agency lets the work begin.',
    )
  if (order.endedAt !== null) return refuse('maintenance_not_now', 'This work order is over.')
  if (order.begunAt !== null) return refuse('maintenance_not_now', 'The work has begun already.')
  if (now < order.from)
    return refuse(
      'maintenance_not_now',
      `It begins at ${order.from.toISOString()} at the earliest.`,
    )
  if (now >= order.until)
    return refuse(
      'maintenance_not_now',
      `Its time ended at ${order.until.toISOString()}. Write a new work order.`,
    )
  if (supervised && !watching)
    return refuse(
      'needs_live_approval',
      'The party works under supervision: a person of the agency stays beside its technician. Begin it as that person, and say that you watch.',
    )
  if (supervised && sameUnit)
    return refuse(
      'signs_for_same_unit',
      'You and whoever wrote this work order are of one unit. Somebody of another unit stays beside the work.',
    )
  return { kind: 'allow' }
}

/** Anybody who keeps lanes ends it, also late. */
export function decideEnding(order: WorkOrder): MaintenanceDecision {
  if (order.endedAt !== null) return refuse('maintenance_not_now', 'This work order is over.')
  return { kind: 'allow' }
}

/** Whether work goes on past its time. */
export function isOverrun(order: WorkOrder, now: Date): boolean {
  return order.begunAt !== null && order.endedAt === null && now >= order.until
}

/** Why this window is none, or null. */
export function windowProblem(from: Date, until: Date, now: Date): string | null {
  if (until <= from) return 'It ends before it begins.'
  if (until <= now) return 'It is over already.'
  if (until.getTime() - from.getTime() > maintenanceHoursMax * 3_600_000)
    return `One work order covers ${maintenanceHoursMax} hours at most.`
  return null
}

function refuse(
  code: Extract<MaintenanceDecision, { readonly kind: 'refuse' }>['code'],
  detail: string,
): MaintenanceDecision {
  return { kind: 'refuse', code, detail }
}
