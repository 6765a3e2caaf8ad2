import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { ApiFailure } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useTitle } from '../shell/title.ts'
import { replayQuery, type ReplayResult } from './api.ts'
import { LeftChart } from './left-chart.tsx'

import '../shell/print.css'
import './replay.css'

const count = (value: number) => value.toLocaleString('en-US')

/** The incident of 2019 on one page: as it was reported, as it was, as built. */
export function ReplayPage(): ReactElement {
  useTitle('Replay of 2019')
  const { data, error, isPending, refetch } = useQuery({ ...replayQuery, retry: false })
  if (error instanceof ApiFailure && error.status === 404) return <NoReplay />
  if (error !== null)
    return (
      <FailureNote
        doing="The replay could not be read"
        error={error}
        onRetry={() => void refetch()}
      />
    )
  if (isPending) return <Skeleton height={480} aria-label="Reading the replay" />
  return <Result result={data} />
}

function NoReplay(): ReactElement {
  return (
    <div className="sp-empty sp-panel">
      <h2>No replay lies here</h2>
      <p>
        Run <code>sallyport replay 2019 --keep DIR</code> and start a hub with{' '}
        <code>--settings DIR/sallyport.toml</code>: everything that it stored can be looked at
        there, too.
      </p>
    </div>
  )
}

function Result({ result }: { readonly result: ReplayResult }): ReactElement {
  const { passed, legacy, sealed, scope, contain, leaks } = result
  return (
    <article className="sp-replay">
      <div className="sp-page-head">
        <h1>The incident of 2019, replayed</h1>
        <p>
          {count(passed.pictures)} pictures of {count(passed.people)} drawn people in {passed.days}{' '}
          days at one crossing{result.scale === 1 ? '' : ` (one in ${result.scale})`}; made{' '}
          <Instant at={result.made_at} /> in {Math.round(result.wall_ms / 1000)} s on {result.cores}{' '}
          cores at a load of {result.load}.
        </p>
        <Button className="sp-noprint" variant="default" onClick={() => globalThis.print()}>
          Print
        </Button>
      </div>
      <section className="sp-section sp-panel" aria-labelledby="replay-left">
        <h2 id="replay-left">What left, and who can read it</h2>
        <LeftChart
          total={passed.pictures}
          rows={[
            { name: 'As it was', readable: legacy.readable, sealed: 0 },
            { name: 'As built', readable: sealed.readable, sealed: sealed.tapped },
          ]}
        />
        <dl className="sp-replay-figures">
          <Figure name="Scope, from a hub just started" value={seconds(scope.ms)} />
          <Figure name="Cut off everywhere" value={seconds(contain.ms)} />
          <Figure
            name="Found on the web"
            value={`${leaks.found} of ${leaks.planted}`}
            more={`${leaks.attributed} name the opening and the party; ${leaks.false_findings} false among ${leaks.foreign} strangers`}
          />
          <Figure
            name="Alarms"
            value={count(result.alarms.reduce((sum, { raised }) => sum + raised, 0))}
            more={result.alarms.map(({ kind }) => kind.replaceAll('_', ' ')).join(', ')}
          />
        </dl>
      </section>
      <section className="sp-section sp-panel" aria-labelledby="replay-compared">
        <h2 id="replay-compared">Question by question</h2>
        <div className="sp-replay-scroll" tabIndex={0} role="region" aria-label="Comparison">
          <table className="sp-replay-table">
            <thead>
              <tr>
                <th scope="col">Question</th>
                <th scope="col">2019, as reported</th>
                <th scope="col">Legacy model</th>
                <th scope="col">Sallyport</th>
              </tr>
            </thead>
            <tbody>
              {result.comparison.map((one) => (
                <tr key={one.question}>
                  <th scope="row">{one.question}</th>
                  <td data-of="2019, as reported">{one.reported}</td>
                  <td data-of="Legacy model">{one.legacy}</td>
                  <td data-of="Sallyport">{one.sallyport}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="sp-section sp-panel" aria-labelledby="replay-happened">
        <h2 id="replay-happened">What happened</h2>
        <ol className="sp-replay-timeline">
          {result.timeline.map((one) => (
            <li key={one.at}>
              <Instant at={one.at} />
              <p>
                <strong>As it was.</strong> {one.legacy}
              </p>
              <p>
                <strong>As built.</strong> {one.sallyport}
              </p>
            </li>
          ))}
        </ol>
      </section>
      <section className="sp-section sp-panel" aria-labelledby="replay-drawn">
        <h2 id="replay-drawn">How it was drawn</h2>
        <ul>
          {result.drawn.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </section>
    </article>
  )
}

function Figure(props: {
  readonly name: string
  readonly value: string
  readonly more?: string
}): ReactElement {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <span className="sp-replay-value">{props.value}</span>
        {props.more !== undefined && <span className="sp-quiet">{props.more}</span>}
      </dd>
    </div>
  )
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`
}
