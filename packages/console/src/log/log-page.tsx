import { CopyButton, Button, Skeleton } from '@mantine/core'
import { toHex } from '@sallyport/proof/bytes'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useSearchParams } from 'wouter'

import { checkpointQuery } from '../api/queries.ts'
import { countWords } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { CrossIcon } from '../shell/icons.tsx'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { GrowthNote } from './growth-note.tsx'
import { OpeningsList } from './openings-list.tsx'
import { VerifyForm } from './verify-form.tsx'
import { WitnessPanel } from './witness-panel.tsx'

import './log.css'

/** The log for people: what it is, what it says now, and a way to check it without trusting the hub. */
export function LogPage(): ReactElement {
  useTitle('Log')
  const seesOpenings = useHolds('auditor', 'privacy', 'supervisor')
  const [parameters] = useSearchParams()
  const asked = parameters.get('entry') ?? ''
  const { log } = useSession()
  const { data: note } = useQuery(checkpointQuery)
  const opened = note === undefined ? null : openCheckpoint(note, log.vkey)
  const size = opened?.kind === 'checkpoint' ? opened.checkpoint.size : null
  return (
    <>
      <div className="sp-page-head">
        <h1>Log</h1>
        <p>Every crossing, opening and refusal, in an order that nobody can change unseen.</p>
      </div>
      <div className="sp-log">
        <div>
          <CheckpointPanel />
          <WitnessPanel logSize={size} />
        </div>
        <div>
          <VerifyForm key={asked} asked={asked} />
        </div>
        <Explanation />
      </div>
      {seesOpenings && <OpeningsList />}
    </>
  )
}

function CheckpointPanel(): ReactElement {
  const { log } = useSession()
  const checkpoint = useQuery(checkpointQuery)
  if (checkpoint.isPending) return <Skeleton height={240} aria-label="Reading the checkpoint" />
  if (checkpoint.isError) {
    return (
      <FailureNote
        doing="The checkpoint could not be read"
        error={checkpoint.error}
        onRetry={() => void checkpoint.refetch()}
      />
    )
  }
  const opened = openCheckpoint(checkpoint.data, log.vkey)
  return (
    <section className="sp-section sp-panel">
      <h2>Where it stands</h2>
      {opened.kind === 'checkpoint' ? (
        <>
          <p className="sp-log-size">
            <strong className="sp-figure">{countWords(opened.checkpoint.size)}</strong> entries
          </p>
          <p className="sp-mono sp-log-root" title="Root of the tree of all entries">
            {toHex(opened.checkpoint.root)}
          </p>
        </>
      ) : (
        <p className="sp-log-bad" role="alert">
          <CrossIcon /> The checkpoint does not fit the log’s key: {opened.detail}
        </p>
      )}
      <GrowthNote checkpoint={checkpoint.data} vkey={log.vkey} />
      <details className="sp-log-raw">
        <summary>Checkpoint and key</summary>
        <h3>Signed checkpoint</h3>
        <pre className="sp-mono">{checkpoint.data}</pre>
        <h3>Verifier key of {log.origin}</h3>
        <pre className="sp-mono">{log.vkey}</pre>
        <CopyButton value={log.vkey}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy key'}
            </Button>
          )}
        </CopyButton>
        <p className="sp-quiet">
          Keep a copy of this key elsewhere. With it, anybody can check receipts of this log
          offline.
        </p>
      </details>
    </section>
  )
}

function Explanation(): ReactElement {
  return (
    <section className="sp-section sp-panel sp-log-plain">
      <h2>What this proves, in plain words</h2>
      <p>
        Each line of the log is hashed together with its neighbours, pair by pair, up to one number:
        the root. Change, drop or insert any line and the root becomes another one. The hub signs
        the root, and whoever keeps an old signed root can show that a later log still contains
        everything before it.
      </p>
      <p>
        A receipt is the short path from one line to the root. It shows that an opening was written
        down before the picture was shown. It does not show who the person was: names stand in the
        log only as sealed commitments, and pictures and plates not at all.
      </p>
      <p>
        It cannot show what happened outside: a screen that was photographed, or an operator who
        keeps two logs and shows each to different people. Against the second stand the witnesses,
        who cosign one history only; without them, compare roots with somebody else.
      </p>
    </section>
  )
}
