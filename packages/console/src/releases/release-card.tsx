import { Badge, Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { request } from '../api/client.ts'
import { plural } from '../format/figures.ts'
import { codeWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { copiesWords, keys, type Release, releasePurposeWords, releaseStateWords } from './api.ts'
import { AttestForm } from './attest-form.tsx'

const saidWords = {
  requested: 'Asked for',
  approved: 'Approved',
  declined: 'Declined',
  making: 'Making begun',
} as const

/** One release: what leaves, to whom, who agreed, and where its copies are. */
export function ReleaseCard(props: {
  readonly release: Release
  readonly answerable: boolean
}): ReactElement {
  const { release, answerable } = props
  const { recipient, pictures, canaries, copies } = release
  return (
    <article className="sp-release" aria-label={`${recipient.name}: ${release.basis}`}>
      <header>
        <h3>{recipient.name}</h3>
        <Badge variant="light" color={colourOf(release)}>
          {copies === 'none' ? releaseStateWords[release.state] : copiesWords[copies]}
        </Badge>
      </header>
      <p>
        {releasePurposeWords[release.purpose]}: {release.basis}.{' '}
        {plural(pictures, 'picture', 'pictures')}
        {canaries > 0 && ` and ${plural(canaries, 'drawn record', 'drawn records')} among them`},
        due back <Instant at={release.expires_at} />.
      </p>
      {release.code !== null && (
        <p className="sp-release-trouble">Nothing left: {codeWords(release.code).toLowerCase()}.</p>
      )}
      <ul className="sp-release-steps">
        {release.decisions.map(({ at, by, says, log_index: index }) => (
          <li key={index}>
            {saidWords[says]} by {by.name}
            {by.unit !== '' && ` (${by.unit})`}, <Instant at={at} />, log entry {index}
          </li>
        ))}
        {release.attestations.map(({ at, how, said_by: saidBy, log_index: index }) => (
          <li key={index}>
            {codeWords(how)}, says {saidBy}, <Instant at={at} />, log entry {index}
          </li>
        ))}
      </ul>
      <details>
        <summary>Key and manifest</summary>
        <dl className="sp-release-proof">
          <dt>Sealed to</dt>
          <dd className="sp-mono">{recipient.key}</dd>
          <dt>Call</dt>
          <dd>{recipient.party.contact}</dd>
          {release.manifest_sha256 !== null && (
            <>
              <dt>Manifest</dt>
              <dd className="sp-mono">{release.manifest_sha256}</dd>
            </>
          )}
        </dl>
      </details>
      <Acts release={release} answerable={answerable} />
    </article>
  )
}

function colourOf({ copies, state }: Release): string {
  if (copies === 'overdue' || state === 'failed') return 'red'
  if (copies === 'due_soon') return 'yellow'
  return copies === 'accounted_for' ? 'green' : 'gray'
}

function Acts(props: {
  readonly release: Release
  readonly answerable: boolean
}): ReactElement | null {
  const { release, answerable } = props
  const client = useQueryClient()
  const hands = useHolds('supervisor', 'privacy')
  const { busy, error, run } = useAction()
  const send = async (path: string, body: unknown = {}): Promise<void> => {
    await request(`/v1/releases/${release.id}/${path}`, { method: 'POST', body })
    await client.invalidateQueries({ queryKey: keys.releases })
  }
  return (
    <>
      <div className="sp-release-acts">
        {answerable && (
          <>
            <Button
              size="compact-md"
              loading={busy}
              onClick={() => run(() => send('answer', { approved: true }))}
            >
              Approve
            </Button>
            <Button
              size="compact-md"
              variant="default"
              disabled={busy}
              onClick={() => run(() => send('answer', { approved: false }))}
            >
              Decline
            </Button>
          </>
        )}
        {hands && release.state === 'approved' && (
          <Button size="compact-md" loading={busy} onClick={() => run(() => send('making'))}>
            Make the copies
          </Button>
        )}
        {hands && release.state === 'made' && release.copies !== 'overdue' && (
          <Button
            size="compact-md"
            variant="default"
            component="a"
            href={`/v1/releases/${release.id}/package`}
            download
          >
            Package for the recipient
          </Button>
        )}
      </div>
      {error !== null && <FailureNote doing="It was not done" error={error} />}
      {hands && release.state === 'made' && <AttestForm release={release} />}
    </>
  )
}
