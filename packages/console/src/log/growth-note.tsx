import { Button } from '@mantine/core'
import { fetchTiles } from '@sallyport/proof/fetch-tiles'
import { useEffect, useState, type ReactElement } from 'react'

import { countWords, plural } from '../format/figures.ts'
import { hubNow } from '../shell/clock.ts'
import { CheckIcon, CrossIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { readText, writeText } from '../shell/stored.ts'
import { checkGrowth, parseRemembered, type Growth, type Remembered } from './growth.ts'

const stored = 'log-seen'

/** Whether the log only grew since this browser last looked, proved from its public tiles. */
export function GrowthNote(props: {
  readonly checkpoint: string
  readonly vkey: string
}): ReactElement | null {
  const { checkpoint, vkey } = props
  const [before] = useState(() => parseRemembered(readText(stored)))
  const [growth, setGrowth] = useState<Growth | null>(null)
  useEffect(() => {
    let current = true
    const check = async (): Promise<void> => {
      const found = await checkGrowth({
        remembered: before,
        checkpoint,
        vkey,
        reader: fetchTiles(`${location.origin}/log`, (url) => fetch(url)),
        now: hubNow(),
      }).catch((error: unknown): Growth => ({ kind: 'unproved', detail: String(error) }))
      if (!current) return
      setGrowth(found)
      if (found.kind === 'first' || found.kind === 'unchanged' || found.kind === 'grown') {
        remember(found.now)
      }
    }
    void check()
    return () => {
      current = false
    }
  }, [before, checkpoint, vkey])
  if (growth === null) return null
  return (
    <div className="sp-growth" data-kind={growth.kind} role="status">
      {sign(growth)}
      <div>{words(growth, before)}</div>
      {growth.kind === 'other_log' && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            remember(growth.now)
            setGrowth({ kind: 'first', now: growth.now })
          }}
        >
          Follow this log
        </Button>
      )}
    </div>
  )
}

function remember(seen: Remembered): void {
  writeText(stored, JSON.stringify(seen))
}

function sign(growth: Growth): ReactElement {
  if (growth.kind === 'broken') return <CrossIcon />
  if (growth.kind === 'other_log' || growth.kind === 'unproved') return <WarnIcon />
  return <CheckIcon />
}

function words(growth: Growth, before: Remembered | null): ReactElement {
  const then =
    before === null ? null : (
      <>
        <Instant at={before.at} /> ({plural(before.size, 'entry', 'entries')})
      </>
    )
  switch (growth.kind) {
    case 'first':
      return (
        <>
          This browser now remembers the log at {plural(growth.now.size, 'entry', 'entries')}. Next
          time it checks that nothing before was changed.
        </>
      )
    case 'unchanged':
      return <>Exactly the log that this browser saw at {then}.</>
    case 'grown':
      return (
        <>
          <strong>It has only grown</strong> by {countWords(growth.now.size - (before?.size ?? 0))}{' '}
          since {then}: proved here with {plural(growth.hashes, 'hash', 'hashes')}.
        </>
      )
    case 'other_log':
      return (
        <>
          <strong>This is another log</strong> than the one that this browser saw at {then}: it has
          another key. After a new installation that is expected; otherwise ask why.
        </>
      )
    case 'broken':
      return (
        <>
          <strong>The log does not hold.</strong> {growth.detail} Since {then ?? 'then'} it was
          rewritten or rolled back. Keep this browser’s data, and tell the auditor.
        </>
      )
    case 'unproved':
      return <>Whether it only grew could not be checked: {growth.detail}.</>
  }
}
