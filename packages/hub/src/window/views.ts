/** The window as the API gives it. */

import { isOnShift } from '@sallyport/core/window/on-shift'
import type { Parity } from '@sallyport/core/window/parity'
import { outcomeWithheld, undoUntil, windowState } from '@sallyport/core/window/window'
import type { LaneVerdictRow } from '@sallyport/store/window/lane-verdicts'
import { asStep, type WindowStepRow } from '@sallyport/store/window/steps'

/**
 * A crossing at the window for one viewer. What others found in secondary is withheld from whoever has
 * not said what they see themselves: a second look is worth something only when it is one's own.
 */
export function windowView(
  crossing: string,
  rows: readonly WindowStepRow[],
  beside: readonly LaneVerdictRow[],
  viewer: string,
) {
  const state = windowState(rows.map(asStep))
  const { standing, optedOut, verdict, last } = state
  const withheld = outcomeWithheld(state, viewer)
  const until = undoUntil(state)
  const steps = rows.map((row) => stepView(row, withheld && row.kind === 'looked'))
  const viewOf = (id: string | undefined) => steps.find((step) => step.id === id) ?? null
  return {
    crossing,
    standing: standing.kind,
    seen: last?.place ?? 0,
    by: standing.kind === 'waiting' ? null : viewOf(standing.by.id),
    referral:
      standing.kind === 'referred'
        ? viewOf(standing.by.id)
        : standing.kind === 'closed'
          ? viewOf(standing.referred.id)
          : null,
    verdict: viewOf(verdict?.id),
    opted_out: viewOf(optedOut?.id),
    undo_until: last?.account === viewer && until !== null ? until.toISOString() : null,
    outcome_withheld: withheld,
    steps,
    beside: beside.map(besideView),
  }
}

function besideView(row: LaneVerdictRow) {
  const { id, kind, code, note, stated_name: name, on_shift, given_at, arrived_at, log_index } = row
  return {
    ...{ id, kind, code, note, name, log_index },
    on_shift: onShiftView(name, on_shift),
    at: given_at.toISOString(),
    arrived_at: arrived_at.toISOString(),
  }
}

function stepView(row: WindowStepRow, hidden: boolean) {
  return {
    id: row.id,
    place: row.place,
    kind: row.kind,
    code: hidden ? null : row.code,
    wrong: [...row.wrong],
    note: hidden ? null : row.note,
    at: row.at.toISOString(),
    by:
      row.account === null || row.account_name === null
        ? null
        : { id: row.account, name: row.account_name },
    at_lane:
      row.stated_name === null || row.arrived_at === null
        ? null
        : {
            name: row.stated_name,
            on_shift: onShiftView(row.stated_name, row.on_shift),
            arrived_at: row.arrived_at.toISOString(),
          },
    log_index: row.log_index,
  }
}

/** Whom the hub had on shift there, and whether the stated name is one of them; null: it did not note it. */
function onShiftView(stated: string, names: readonly string[] | null) {
  return names === null ? null : { names: [...names], agrees: isOnShift(stated, names) }
}

export function parityView({ optedOut, others, verdict }: Parity) {
  return { opted_out: groupView(optedOut), others: groupView(others), verdict }
}

function groupView(group: Parity['others']) {
  const { kind, count } = group
  if (group.kind === 'too_few')
    return { kind, count, median: null, from: null, until: null, lower: null, upper: null }
  const { median, from, until, lowerQuartile, upperQuartile } = group
  return { kind, count, median, from, until, lower: lowerQuartile, upper: upperQuartile }
}
