import { Badge, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { FaceModelTables } from './face-model-tables.tsx'
import { type ModelEvaluation, modelsQuery } from './model-api.ts'
import { Plot } from './plot.tsx'
import { BesideBars, ShareBar } from './share-bar.tsx'

import './models.css'

type Report = NonNullable<ModelEvaluation['report']>

/** Models that came to the pictures: what they read, in counts that tell of no single one. */
export function ModelResults(props: { readonly own: boolean }): ReactElement {
  const found = useQuery(modelsQuery)
  const { evaluations = [], budget } = found.data ?? {}
  return (
    <section className="sp-section sp-panel">
      <h2>Models</h2>
      <p className="sp-quiet">
        A model runs inside the hub, on plates that people decided on or faces that they confirmed.
        It sees crops and no network; counts come out, with noise, of groups of at least 20.
        {budget !== undefined &&
          ` Each owner has ${budget.per_owner} evaluations on the verdicts of one month.`}
      </p>
      {found.isError && (
        <FailureNote
          doing="The evaluations could not be read"
          error={found.error}
          onRetry={() => void found.refetch()}
        />
      )}
      {found.isPending && <Skeleton height={80} aria-label="Reading the evaluations" />}
      {found.data !== undefined && evaluations.length === 0 && (
        <p>
          None yet. {props.own ? 'Bring yours' : 'A contractor brings one'} with{' '}
          <code>sallyport evaluate --model candidate.onnx --on verdicts:2026-10</code>.
        </p>
      )}
      {evaluations.map((one) => (
        <Evaluation key={one.id} evaluation={one} />
      ))}
    </section>
  )
}

const states = {
  running: { words: 'Reading', colour: 'blue' },
  done: { words: 'Done', colour: 'teal' },
  failed: { words: 'Failed', colour: 'red' },
} as const

function Evaluation(props: { readonly evaluation: ModelEvaluation }): ReactElement {
  const { evaluation } = props
  const { state, report, face_report: faces, sandbox } = evaluation
  return (
    <article className="sp-grant" aria-label={`${evaluation.name} on ${evaluation.on}`}>
      <header>
        <h3>{evaluation.name}</h3>
        <Badge variant="light" color={states[state].colour}>
          {states[state].words}
        </Badge>
        <span className="sp-quiet">
          {evaluation.subject === 'faces' ? 'faces' : 'plates'} · {evaluation.owner} ·{' '}
          {evaluation.on} · weights{' '}
          <span className="sp-mono">{evaluation.model_sha256.slice(0, 12)}</span>
        </span>
      </header>
      {state === 'running' && (
        <p>
          The report comes <Instant at={evaluation.due_at} /> or later. When it comes says nothing
          of a single picture.
        </p>
      )}
      {state === 'failed' && <p>It ended without a report, and counts as one all the same.</p>}
      {report !== null && <ReportTables report={report} />}
      {faces !== null && <FaceModelTables report={faces} />}
      <p className="sp-quiet">
        Begun <Instant at={evaluation.at} /> by {evaluation.by.name}. Sandbox: files{' '}
        {sandbox.files ? 'closed' : 'open'}, network {sandbox.network ? 'closed' : 'open'}. Log
        entry {evaluation.log_index ?? '–'}
        {evaluation.report_log_index !== null && `, report ${evaluation.report_log_index}`}.
      </p>
    </article>
  )
}

function ReportTables(props: { readonly report: Report }): ReactElement {
  const { report } = props
  const { against, plus_minus: within } = report
  const all = against.both + against.only_candidate + against.only_service + against.neither
  const perCohort = [
    ['By jurisdiction', report.by_jurisdiction, within.jurisdiction],
    ['By light', report.by_light, within.light],
    ['By camera', report.by_camera, within.camera],
  ] as const
  return (
    <div className="sp-shares">
      <Plot title="Read exactly">
        <BesideBars against={against} whole={all} within={within.against} />
      </Plot>
      <p className="sp-quiet">
        Both {against.both}, only this model {against.only_candidate}, only the one in service{' '}
        {against.only_service}, neither {against.neither}: each ± {within.against}.
      </p>
      <Plot title="Right, by how sure it was">
        {report.calibration.map(({ from, to, right, wrong }) => (
          <ShareBar
            key={from}
            label={`${from.toFixed(2)} to ${to.toFixed(2)}`}
            part={right}
            whole={right + wrong}
            within={within.calibration}
            expected={[from, to]}
          />
        ))}
      </Plot>
      {perCohort.map(([title, cohorts, bound]) => (
        <Plot key={title} title={title}>
          {cohorts.map(({ cohort, exact, not_exact: not }) => (
            <ShareBar key={cohort} label={cohort} part={exact} whole={exact + not} within={bound} />
          ))}
        </Plot>
      ))}
      {report.confusions.length > 0 && (
        <p>
          Taken for each other:{' '}
          {report.confusions
            .map(({ label, read, count }) => `${label} for ${read} ${count} times`)
            .join(', ')}
          , each ± {within.confusions}.
        </p>
      )}
    </div>
  )
}
