/**
 * A contractor's plate reader, run inside on pictures that people decided on. Refuse, load in the sandbox,
 * take from the budget, log, and only then open the first picture. Counts with noise come out.
 */

import { createHash, randomBytes, randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import {
  candidateLimits,
  decideCandidate,
  type LabelMonth,
  parseLabelMonth,
  reportCandidate,
  type TriedPicture,
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
import { type Label, listLabels } from '@sallyport/store/evaluations'

import { newId } from './ids.ts'
import { limits } from './limits.ts'
import { openForEvaluation, type OpeningContext } from './openings.ts'
import { type Problem, problem } from './problems.ts'
import { reportWords } from './report-words.ts'
import type { openCandidate as open, Candidate } from './sandbox/candidate.ts'
import type { PlateCard } from './sandbox/plate-card.ts'

export type CandidateContext = OpeningContext & {
  readonly port: { readonly zone: string }
  readonly openCandidate: typeof open
  /** How long after its start an answer comes, for each picture of the set. */
  readonly paceMs?: number
}

export type CandidateEvaluationAsk = {
  readonly account: { readonly id: string; readonly roles: readonly Role[]; readonly party: string }
  readonly owner: string
  /** `verdicts:2026-10`. */
  readonly set: string
  readonly model: Uint8Array
  readonly card: PlateCard
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
  readonly labels: readonly Label[]
  readonly dueAt: Date
}

export function createCandidateEvaluations(context: CandidateContext): CandidateEvaluations {
  const { db, journal, paceMs = limits.candidatePaceMs } = context
  const zone = openZone(context.port.zone)
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let starting = false

  async function begin(ask: CandidateEvaluationAsk) {
    const set = parseLabelMonth(ask.set, zone)
    if (set === null)
      return problem('malformed_request', `'${ask.set}' is no set. Write verdicts:2026-10.`)
    const labels = await listLabels(db, { ...set, legible: true }, candidateLimits.picturesMax)
    const refused = await judge(ask, set, labels.length)
    if (refused !== null) return refused
    const sha256 = createHash('sha256').update(ask.model).digest()
    const candidate = await context.openCandidate({
      model: ask.model,
      sha256: sha256.toString('hex'),
      card: ask.card,
      options: {},
    })
    if (candidate.kind === 'refused') return problem(problemOf[candidate.code], candidate.detail)
    const at = context.now()
    const started = {
      id: newId(),
      account: ask.account,
      labels,
      dueAt: new Date(at.getTime() + labels.length * paceMs),
    }
    const unrecorded = await record(started, { ask, set, sha256, at, candidate })
    if (unrecorded !== null) {
      await candidate.close()
      return unrecorded
    }
    running = run(started, candidate)
      .catch(async (error: unknown) => {
        context.report(`candidate evaluation: ${reportWords(error)}`)
        await noteCandidateFailed(db, started.id).catch(() => undefined)
      })
      .finally(() => (running = null))
    return { kind: 'started', id: started.id } as const
  }

  async function judge(ask: CandidateEvaluationAsk, set: LabelMonth, labels: number) {
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
        set,
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
      readonly set: LabelMonth
      readonly sha256: Buffer
      readonly at: Date
      readonly candidate: Candidate
    },
  ): Promise<Problem | null> {
    const { ask, set, sha256, at, candidate } = made
    const [ownerSalt, accountSalt] = [randomBytes(16), randomBytes(16)]
    const row = {
      id,
      at,
      account: account.id,
      owner: ask.owner,
      label_set: set.name,
      name: ask.card.name,
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

  async function run({ id, account, labels, dueAt }: Started, candidate: Candidate): Promise<void> {
    const tried: TriedPicture[] = []
    try {
      for (const label of labels) {
        if (ending.signal.aborted) throw new Error('the hub stops')
        const one = await tryOne(label, account, candidate)
        if (one !== null) tried.push(one)
      }
    } finally {
      await candidate.close()
    }
    // A model that takes longer over one plate than over others would tell of it by the time of its end.
    const rest = dueAt.getTime() - context.now().getTime()
    if (rest > 0) await wait(rest, undefined, { signal: ending.signal })
    const report = reportCandidate(tried, () => randomInt(2 ** 32) / 2 ** 32)
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

  /** Null when the picture cannot be opened or decoded any more. Throws when the log is away. */
  async function tryOne(
    { capture, text, jurisdiction, lane }: Label,
    account: CandidateEvaluationAsk['account'],
    candidate: Candidate,
  ): Promise<TriedPicture | null> {
    const opened = await openForEvaluation({ capture, account }, context)
    if (opened.kind === 'problem') {
      if (opened.code === 'log_unavailable') throw new Error(opened.detail)
      return null
    }
    const both = await candidate.read(opened.picture)
    if (both === null || text === null) return null
    return { ...both, label: text, jurisdiction: jurisdiction ?? 'unknown', camera: lane }
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
