/** Containment of keys: the rest of a day given up, identities replaced at once, and replaced ones destroyed. */

import {
  decideEarlierDestruction,
  type DestructionWord,
  type RotationState,
} from '@sallyport/core/epoch-rotation'
import type { ContainmentAct } from '@sallyport/proof/incident-entry'
import { activeAccount } from '@sallyport/store/accounts'
import { affiliationOf } from '@sallyport/store/grants/parties'
import { stepById, type StepRow, wordsInForce } from '@sallyport/store/incidents/containment'
import { incidentById } from '@sallyport/store/incidents/incidents'

import { replacedBy, rotateEpochs, rotationById, rotationFollowed } from '../epoch-rotations.ts'
import { type Problem, problem } from '../problems.ts'
import type { ContainmentContext, Cut } from './containment.ts'
import type { Effect } from './effects.ts'

const keyActs = ['epoch_declared_lost', 'epochs_rotated', 'earlier_keys_given_up'] as const
export type KeyAct = (typeof keyActs)[number]

export function isKeyAct(act: ContainmentAct): act is KeyAct {
  return keyActs.some((one) => one === act)
}

/** Why a step about keys cannot be taken; null when it can. */
export async function refusalOfKeyStep(
  { act, target, incident }: Cut & { readonly act: KeyAct; readonly incident: string },
  account: string,
  context: ContainmentContext,
): Promise<Problem | null> {
  const { epochs, port, clock, db } = context
  switch (act) {
    case 'epoch_declared_lost':
      return (await epochs.kept()).some(({ day }) => day === target)
        ? null
        : problem('not_found', `There is no key of ${target} here.`)
    case 'epochs_rotated':
      if (target !== port.id) return problem('not_found', `This hub is not of port ${target}.`)
      return clock.doubt() === null
        ? null
        : problem(
            'clock_doubted',
            'Lanes get no announcement while the clock of the hub is not believed. Say what time it is first: sallyport keys clock',
          )
    case 'earlier_keys_given_up': {
      const rotation = await rotationById(target, context)
      const step = await stepById(db, target)
      if (rotation === null || step?.incident !== incident)
        return problem('not_found', 'No step of this incident by that id replaced keys.')
      if ((await replacedBy(rotation, epochs)).length === 0)
        return problem('not_found', 'What this step replaced is not here any more.')
      const words = await wordsFor(target, incident, context)
      const mine = await wordOf(account, [], context)
      const decision = decideEarlierDestruction([...words, mine])
      return decision.kind === 'refuse' && !words.some((one) => one.account === account)
        ? problem(
            'signs_for_same_unit',
            'Whoever asked for it is of your unit. Somebody of another unit has to say the same.',
          )
        : null
    }
  }
}

/** Makes keys agree with a step that is in force. Done again it changes nothing. */
export async function takeKeyStep(
  { id, act, target, at, account, incident }: StepRow & { readonly act: KeyAct },
  context: ContainmentContext,
): Promise<Problem | null> {
  switch (act) {
    case 'epoch_declared_lost': {
      // With the second person's declaration it is destroyed, and nothing brings it back.
      const declared = await context.ends.declareLost(target, account)
      return declared.kind === 'problem' ? declared : null
    }
    case 'epochs_rotated':
      await rotateEpochs({ id, at, why: 'incident' }, context)
      return null
    case 'earlier_keys_given_up': {
      const rotation = await rotationById(target, context)
      if (rotation === null) return problem('not_found', 'There was no such rotation.')
      const decision = decideEarlierDestruction(await wordsFor(target, incident, context))
      if (decision.kind === 'destroy') await context.ends.destroyReplaced(rotation)
      return null
    }
  }
}

/** Why a step about keys cannot be taken back; null when it can. */
export async function liftingOfKeyStep(
  { id, act, target }: StepRow & { readonly act: KeyAct },
  context: ContainmentContext,
): Promise<Problem | null> {
  if (act === 'epoch_declared_lost')
    return problem('not_reversible', 'A declaration that a key is lost cannot be taken back.')
  const rotation = await rotationById(act === 'epochs_rotated' ? id : target, context)
  return rotation === null || (await replacedBy(rotation, context.epochs)).length > 0
    ? null
    : problem('not_reversible', 'The earlier keys are destroyed. Nothing brings them back.')
}

/** What keys and lanes answer now. */
export async function keyEffectOf(
  { id, act, target }: Pick<StepRow, 'id' | 'target'> & { readonly act: KeyAct },
  context: ContainmentContext,
): Promise<Effect> {
  const { epochs } = context
  if (act === 'epoch_declared_lost') {
    const kept = (await epochs.kept()).some(({ day }) => day === target)
    return {
      component: 'keys',
      confirmed: !kept,
      detail: kept
        ? 'The key is here until a second person declares it lost.'
        : 'The key is destroyed.',
    }
  }
  const rotation = await rotationById(act === 'epochs_rotated' ? id : target, context)
  if (rotation === null)
    return { component: 'keys', confirmed: false, detail: 'No key was made yet.' }
  const state = await rotationFollowed(rotation, context)
  const replaced = await replacedBy(rotation, epochs)
  const earlier = {
    days: [...new Set(replaced.map(({ day }) => day))],
    waiting_for: waitingFor(state),
  }
  if (act === 'epochs_rotated')
    return {
      component: 'lanes',
      confirmed: state.notHeld.length === 0,
      detail: `${rotationWords(state)} ${earlierWords(state, replaced.length > 0)}`,
      earlier,
    }
  return {
    component: 'keys',
    confirmed: replaced.length === 0,
    detail:
      replaced.length === 0
        ? 'The earlier keys are destroyed.'
        : `The earlier keys are here until somebody of another unit says the same. ${lossWords(state)}`,
    earlier,
  }
}

function waitingFor({ notHeld, notDelivered }: RotationState) {
  return [...notHeld, ...notDelivered].map(({ device, lane, said }) => ({
    device,
    lane,
    holds: notDelivered.some((one) => one.device === device),
    missing: said === null ? null : said.missing + said.verdicts,
  }))
}

function rotationWords({ notHeld }: RotationState): string {
  return notHeld.length === 0
    ? 'Every lane seals to the new keys.'
    : `Lanes that have not said that they seal to the new keys: ${lanesOf(notHeld)}.`
}

function earlierWords(state: RotationState, isKept: boolean): string {
  if (!isKept) return 'The earlier keys are destroyed.'
  return state.notHeld.length + state.notDelivered.length === 0
    ? 'All that was sealed before is here; the earlier keys still open copies of it.'
    : `The earlier keys stay for what was sealed before. ${lossWords(state)}`
}

/** What destroying the earlier identities would make unreadable. */
function lossWords({ notHeld, notDelivered }: RotationState): string {
  if (notHeld.length + notDelivered.length === 0)
    return 'Nothing becomes unreadable: every lane has delivered what it sealed before.'
  const unknown =
    notHeld.length === 0
      ? ''
      : ` ${lanesOf(notHeld)}: all that they have not delivered, and what they seal until they take the new keys.`
  const known = notDelivered
    .map(
      ({ lane, said }) =>
        ` ${lane}: ${(said?.missing ?? 0) + (said?.verdicts ?? 0)} not delivered.`,
    )
    .join('')
  return `Destroyed now, this would open for nobody:${unknown}${known}`
}

function lanesOf(devices: RotationState['notHeld']): string {
  return devices.map(({ lane }) => lane).join(', ')
}

/** Who has said that what a rotation replaced shall be destroyed, and whether their word counts. */
async function wordsFor(
  rotation: string,
  incident: string,
  context: ContainmentContext,
): Promise<readonly DestructionWord[]> {
  const about = (await incidentById(context.db, incident))?.about ?? []
  const steps = await wordsInForce(context.db, 'earlier_keys_given_up', rotation)
  return Promise.all(steps.map(({ account }) => wordOf(account, about, context)))
}

async function wordOf(
  account: string,
  about: readonly string[],
  { db }: ContainmentContext,
): Promise<DestructionWord> {
  const isCutOff = about.includes(account) || (await activeAccount(db, account)) === null
  return { account, unit: (await affiliationOf(db, account))?.unit ?? null, cutOff: isCutOff }
}
