/**
 * Whether the hub's own clock is believed. While it is not, nothing is destroyed for its age and no
 * epochs are announced, until a lane's clock agrees with it or a person says what time it is.
 */

import { randomBytes } from 'node:crypto'

import {
  agrees,
  type ClockDoubt,
  type ClockLook,
  doubtAtStart,
  doubtOfJump,
} from '@sallyport/core/hub-clock'
import { commit } from '@sallyport/proof/entry'
import {
  clockTrustedAt,
  insertClockConfirmation,
  noteClockConfirmationLogged,
  noteClockTrusted,
} from '@sallyport/store/clock-trusted'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from './ids.ts'
import type { Journal } from './journal.ts'
import { type Problem, problem } from './problems.ts'

export type HubClock = {
  /** Looks at the clock, too. */
  doubt(): ClockDoubt | null
  /** A device that signed says what time it has. */
  heard(said: Date): void
  /** A person says what time it is: logged, and the clock is believed when they agree. */
  confirm(said: Date, account: string): Promise<{ readonly kind: 'confirmed' } | Problem>
  /** Remembers that it is believed, for the next start. */
  upkeep(): Promise<void>
}

type Context = {
  readonly db: Db
  readonly journal: Pick<Journal, 'append'>
  readonly now: () => Date
  /** Milliseconds of a clock that nobody sets. */
  readonly steady?: (() => number) | undefined
  readonly report: (message: string) => void
}

export async function openHubClock(context: Context): Promise<HubClock> {
  const { db, journal, now, report, steady = () => performance.now() } = context
  const look = (): ClockLook => ({ wall: now(), steadyMs: steady() })
  let seen = look()
  let doubted = doubtAtStart(await clockTrustedAt(db), seen.wall)
  if (doubted === null) await noteClockTrusted(db, seen.wall)
  else tell(doubted)

  function tell({ kind, trustedAt, said }: ClockDoubt): void {
    const hours = Math.round((said.getTime() - trustedAt.getTime()) / 3_600_000)
    const how = kind === 'jumped' ? 'went ahead while the hub ran' : 'is ahead since the last start'
    report(
      `clock: it ${how}, by ${hours} hours to ${said.toISOString()}. Nothing is destroyed for its age and no epochs are announced until a lane has the same time or somebody confirms it: sallyport keys clock`,
    )
  }

  function doubt(): ClockDoubt | null {
    const here = look()
    if (doubted === null) {
      doubted = doubtOfJump(seen, here)
      if (doubted !== null) tell(doubted)
    }
    seen = here
    return doubted
  }

  return {
    doubt,
    heard(said) {
      if (doubt() === null || !agrees(said, now())) return
      doubted = null
      report('clock: a lane has the same time; it is believed again')
    },
    async confirm(said, account) {
      const found = doubt()
      if (found === null) return { kind: 'confirmed' }
      const at = now()
      if (!agrees(said, at))
        return problem(
          'clock_doubted',
          `The hub's clock says ${at.toISOString()}, which is not the time you gave. Set the clock right and start the hub again.`,
        )
      const id = newId()
      const salt = randomBytes(16)
      await insertClockConfirmation(db, { id, at, account, commitment_salt: salt })
      const index = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'clock_confirmed',
        trusted_at: found.trustedAt.toISOString(),
        by: commit(salt, account),
      })
      await noteClockConfirmationLogged(db, id, index)
      doubted = null
      return { kind: 'confirmed' }
    },
    async upkeep() {
      if (doubt() === null) await noteClockTrusted(db, now())
    },
  }
}
