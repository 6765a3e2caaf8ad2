/**
 * A contractor's model, run inside on pictures that people decided on. Refuse, load in the sandbox, take
 * from the budget, log, and only then open the first picture. Counts with noise come out.
 */

import { createHash, randomBytes, randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import {
  candidateLimits,
  decideCandidate,
  type LabelMonth,
  parseLabelMonth,
} from '@sallyport/core/evaluation-candidate'
import type { Role } from '@sallyport/core/opening'
import { openZone } from '@sallyport/core/stays/zone'
import { commit } from '@sallyport/proof/entry'
import {
  noteCandidateDone,
  noteCandidateFailed,
  noteCandidateLogged,
  reserveCandidate,
  usesOfSet,
  reportSha256,
} from '@sallyport/store/candidate-evaluations'
import { supervisionOf } from '@sallyport/store/grants/supervision'
import type { FaceCard } from '@sallyport/vision/face/face-card'

import { newId } from '../ids.ts'
import { limits } from '../limits.ts'
import { openForEvaluation, type OpeningContext } from '../openings.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import type { PlateCard } from '../sandbox/plate-card.ts'
import { type FaceQuestions, faceTrial } from './face-trial.ts'
import { plateTrial } from './plate-trial.ts'
import type { OpenTrial, Trial, TrialContext } from './trial.ts'

export type CandidateContext = OpeningContext &
  TrialContext & {
    readonly port: { readonly zone: string }
    /** How long after its start an answer comes, for each picture of the set. */
    readonly paceMs?: number
  }

export type CandidateEvaluationAsk = {
  readonly account: { readonly id: string; readonly roles: readonly Role[]; readonly party: string }
  readonly owner: string
  /** `verdicts:2026-10`. */
  readonly set: string
  readonly model: Uint8Array
  readonly of:
    | { readonly subject: 'plates'; readonly card: PlateCard }
    | { readonly subject: 'faces'; readonly card: FaceCard; readonly questions: FaceQuestions }
}

export type CandidateEvaluations = {
  /** Answers once the model has been tried on an empty picture and the beginning stands in the log. */
  start(
    ask: CandidateEvaluationAsk,
  ): Promise<{ readonly kind: 'started'; readonly id: string } | Problem>
  /** Marks what an earlier start left unfinished. Call once before serving. */
  recover(): Promise<void>
  /** Ends the one under way and waits for it. */
  stop(): Promise<void>
}

type Started = {
  readonly id: string
  readonly account: CandidateEvaluationAsk['account']
  readonly dueAt: Date
}

export function createCandidateEvaluations(context: CandidateContext): CandidateEvaluations {
  const { db, journal } = context
  const zone = openZone(context.port.zone)
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let starting = false

  async function begin(ask: CandidateEvaluationAsk) {
    const set = parseLabelMonth(ask.set, zone)
    if (set === null)
      return problem('malformed_request', `'${ask.set}' is no set. Write verdicts:2026-10.`)
    // Who may not is told so, whatever the month holds and whatever they brought.
    const barred = await judge(ask, set, { subject: ask.of.subject, labels: Infinity })
    if (barred !== null) return barred
    const sha256 = createHash('sha256').update(ask.model).digest()
    const trial = await trialOf(ask, set, sha256.toString('hex'))
    if (trial.kind === 'problem') return trial
    const refused = await judge(ask, set, trial)
    if (refused !== null) return refused
    const candidate = await trial.open({ model: ask.model, sha256: sha256.toString('hex') })
    if (candidate.kind === 'refused') return problem(problemOf[candidate.code], candidate.detail)
    const at = context.now()
    const started = {
      id: newId(),
      account: ask.account,
      dueAt: new Date(
        at.getTime() + trial.captures.length * (context.paceMs ?? pace[trial.subject]),
      ),
    }
    const unrecorded = await record(started, { ask, trial, set, sha256, at, candidate })
    if (unrecorded !== null) {
      await candidate.close()
      return unrecorded
    }
    running = run(started, trial, candidate)
      .catch(async (error: unknown) => {
        context.report(`candidate evaluation: ${reportWords(error)}`)
        await noteCandidateFailed(db, started.id).catch(() => undefined)
      })
      .finally(() => (running = null))
    return { kind: 'started', id: started.id } as const
  }

  async function trialOf(
    { of }: CandidateEvaluationAsk,
    set: LabelMonth,
    sha256: string,
  ): Promise<(Trial & { readonly kind: 'trial' }) | Problem> {
    if (of.subject === 'plates')
      return { kind: 'trial', ...(await plateTrial(of.card, set, context)) }
    const service = context.faceService()
    if (service === null)
      return problem('faces_off', 'No faces are compared here: there is no model to lay beside.')
    const { describer, detector } = of.card
    if (describer.sha256 !== sha256)
      return problem(
        'model_refused',
        `The card is of other weights (${describer.sha256.slice(0, 12)}…; these are ${sha256.slice(0, 12)}…).`,
      )
    if (detector !== null)
      return problem(
        'model_refused',
        'Faces are found by the hub’s own detector, for both models alike: bring a card without `detector`.',
      )
    return { kind: 'trial', ...(await faceTrial(of, set, service, context)) }
  }

  async function judge(
    ask: CandidateEvaluationAsk,
    set: LabelMonth,
    { subject, labels }: Pick<Trial, 'subject' | 'labels'>,
  ) {
    const { account, owner } = ask
    const grants = await context.policy.grants(context.now())
    const decision = decideCandidate(
      {
        roles: account.roles,
        party: account.party,
        owner,
        granted: grants.some(
          ({ status, terms }) => status.kind === 'signed' && terms.party === owner,
        ),
        supervised: (await supervisionOf(db, account.party)) !== null,
        set,
        subject,
        labels,
        used: await usesOfSet(db, set.name, owner),
      },
      context.now(),
    )
    return decision.kind === 'allow' ? null : problem(decision.code, decision.detail)
  }

  /** The use of the budget, then the log entry. */
  async function record(
    { id, account, dueAt }: Started,
    made: {
      readonly ask: CandidateEvaluationAsk
      readonly trial: Trial
      readonly set: LabelMonth
      readonly sha256: Buffer
      readonly at: Date
      readonly candidate: OpenTrial
    },
  ): Promise<Problem | null> {
    const { ask, trial, set, sha256, at, candidate } = made
    const [ownerSalt, accountSalt] = [randomBytes(16), randomBytes(16)]
    const row = {
      id,
      at,
      account: account.id,
      owner: ask.owner,
      label_set: set.name,
      subject: trial.subject,
      name: trial.name,
      model_sha256: sha256,
      model_bytes: ask.model.length,
      service: candidate.service,
      standing: JSON.stringify(candidate.standing),
      state: 'running',
      due_at: dueAt,
      report: null,
      owner_salt: ownerSalt,
      account_salt: accountSalt,
      log_index: null,
      report_log_index: null,
    } as const
    const most = { byOwner: candidateLimits.perOwner, byAll: candidateLimits.perSet }
    if (!(await reserveCandidate(db, row, most)))
      return problem('evaluation_budget', `What ${set.name} allows was used up meanwhile.`)
    try {
      const index = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'candidate_evaluation',
        evaluation: id,
        set: set.name,
        ...(trial.subject === 'plates' ? {} : { subject: trial.subject }),
        model_sha256: sha256.toString('hex'),
        owner: commit(ownerSalt, ask.owner),
        by: commit(accountSalt, account.id),
      })
      await noteCandidateLogged(db, id, index)
      return null
    } catch (error) {
      await noteCandidateFailed(db, id)
      context.report(`candidate evaluation: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', 'The log cannot be written, so no picture is opened.')
    }
  }

  async function run(
    { id, account, dueAt }: Started,
    { subject, captures }: Trial,
    candidate: OpenTrial,
  ): Promise<void> {
    let report: ReturnType<OpenTrial['report']>
    try {
      for (const [place, capture] of captures.entries()) {
        if (ending.signal.aborted) throw new Error('the hub stops')
        const picture = await openOne({ capture, account, of: subject })
        if (picture !== null) await candidate.tryOn(place, picture)
      }
      report = candidate.report(() => randomInt(2 ** 32) / 2 ** 32)
    } finally {
      await candidate.close()
    }
    // A model that takes longer over one plate than over others would tell of it by the time of its end.
    const rest = dueAt.getTime() - context.now().getTime()
    if (rest > 0) await wait(rest, undefined, { signal: ending.signal })
    if (report === null) throw new Error('too few pictures of the set can still be opened')
    const index = await journal.append({
      v: 1,
      at: context.now().toISOString(),
      kind: 'candidate_reported',
      evaluation: id,
      report_sha256: reportSha256(report),
    })
    await noteCandidateDone(db, id, report, index)
  }

  /** Null when the picture cannot be opened any more. Throws when the log is away. */
  async function openOne(
    asked: Parameters<typeof openForEvaluation>[0],
  ): Promise<Uint8Array | null> {
    const opened = await openForEvaluation(asked, context)
    if (opened.kind === 'opened') return opened.picture
    if (opened.code === 'log_unavailable') throw new Error(opened.detail)
    return null
  }

  return {
    async start(ask) {
      if (starting || running !== null)
        return problem('busy', 'An evaluation is under way. Wait for its end.')
      starting = true
      try {
        return await begin(ask)
      } finally {
        starting = false
      }
    },
    recover: () => noteCandidateFailed(db, null),
    async stop() {
      ending.abort()
      await running
    },
  }
}

/** As long as a model of the size that is taken needs, about. */
const pace = { plates: limits.candidatePaceMs, faces: limits.candidateFacePaceMs } as const

const problemOf = {
  no_sandbox: 'no_sandbox',
  model_too_large: 'model_refused',
  not_onnx: 'model_refused',
  model_cut_off: 'model_refused',
  custom_operators: 'model_refused',
  external_data: 'model_refused',
  huge_tensors: 'model_refused',
  model_not_run: 'model_refused',
  model_too_slow: 'model_refused',
} as const
