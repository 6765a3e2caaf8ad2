import { Button, Modal, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useImperativeHandle, useState, type ReactElement, type Ref } from 'react'
import { Link } from 'wouter'

import { keys } from '../api/queries.ts'
import { Instant } from '../shell/instant.tsx'
import { notifyDone, notifyFailure } from '../shell/notify.ts'
import {
  type Handover,
  handoversKey,
  handoversQuery,
  takeHandover,
  writeHandover,
} from './handover-queries.ts'

import './handover.css'

export type HandoverHandle = {
  /** Hands one's own lane over, or takes what waits at another. */
  readonly act: () => void
}

/** What the officer before left for this lane, and the way to leave something for the next one. */
export function LaneHandover(props: {
  readonly lane: string
  /** The signed-in officer's shift is here. */
  readonly mine: boolean
  /** They may hand over and take. */
  readonly officer: boolean
  readonly ref?: Ref<HandoverHandle>
}): ReactElement | null {
  const { lane, mine, officer, ref } = props
  const client = useQueryClient()
  const list = useQuery(handoversQuery(lane))
  const [writing, setWriting] = useState(false)
  const [busy, setBusy] = useState(false)
  const newest = list.data?.[0]
  const waits = newest !== undefined && newest.taken === null
  const run = async (what: () => Promise<Handover>, done: string, failed: string) => {
    setBusy(true)
    try {
      const { written, taken } = await what()
      const entry = taken ?? written
      notifyDone(done, `Log entry ${entry.log_index ?? 'to come'}.`)
      setWriting(false)
    } catch (error) {
      notifyFailure(failed, error)
    }
    await client.invalidateQueries({ queryKey: handoversKey })
    await client.invalidateQueries({ queryKey: keys.session })
    setBusy(false)
  }
  const take = () => {
    if (newest !== undefined && waits && !busy)
      void run(() => takeHandover(newest.id), 'You took over', 'It was not taken over')
  }
  const act = () => (mine ? setWriting(true) : take())
  useImperativeHandle(ref, () => ({ act }))
  // What was taken is shown to whoever works here now.
  const shown = newest !== undefined && (waits || mine) ? newest : null
  return (
    <>
      {shown !== null && (
        <Left handover={shown} onTake={officer && waits ? take : null} busy={busy} mine={mine} />
      )}
      {officer && mine && (
        <Button
          className="sp-hand-over"
          variant="default"
          size="sm"
          onClick={() => setWriting(true)}
          rightSection={<kbd>h</kbd>}
        >
          Hand over…
        </Button>
      )}
      {writing && (
        <HandOverDialog
          busy={busy}
          onClose={() => setWriting(false)}
          onWrite={(note) =>
            void run(
              () => writeHandover(note),
              'Handed over; your shift has ended',
              'It was not handed over',
            )
          }
        />
      )}
    </>
  )
}

function Left(props: {
  readonly handover: Handover
  readonly onTake: (() => void) | null
  readonly busy: boolean
  readonly mine: boolean
}): ReactElement {
  const { handover, onTake } = props
  const { written, note, referrals } = handover
  const open = referrals.filter(({ standing }) => standing === 'referred')
  return (
    <section className="sp-handover" data-waits={handover.taken === null} aria-label="Handed over">
      <p>
        <strong>{handover.taken === null ? 'Waits for the next officer' : 'Handed over'}</strong> by{' '}
        {written.by.name}, <Instant at={written.at} clock />
      </p>
      <p className="sp-handover-note">{note === '' ? 'Nothing to note.' : note}</p>
      {open.length > 0 && (
        <p>
          Open in secondary:{' '}
          {open.map(({ crossing, plate }, at) => (
            <span key={crossing}>
              {at > 0 && ', '}
              <Link className="sp-link" href={`/crossings/${crossing}`}>
                {plate ?? 'plate not read'}
              </Link>
            </span>
          ))}
        </p>
      )}
      {onTake !== null && (
        <Button
          variant="default"
          size="sm"
          disabled={props.busy}
          onClick={onTake}
          rightSection={props.mine ? undefined : <kbd>h</kbd>}
        >
          {props.mine ? 'I have read it' : 'Take over here'}
        </Button>
      )}
    </section>
  )
}

function HandOverDialog(props: {
  readonly busy: boolean
  readonly onWrite: (note: string) => void
  readonly onClose: () => void
}): ReactElement {
  const [note, setNote] = useState('')
  return (
    <Modal opened onClose={props.onClose} title="Hand this lane over" centered>
      <form
        className="sp-handover-form"
        onSubmit={(event) => {
          event.preventDefault()
          props.onWrite(note)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) props.onWrite(note)
        }}
      >
        <p>
          Referrals of this lane that are open go along by themselves. Your shift ends; the next
          officer reads this at the lane. It is kept for 30 days, and the log has no word of it.
        </p>
        <Textarea
          label="What the next officer must know"
          description="Ctrl and Enter hand over."
          maxLength={500}
          autosize
          minRows={4}
          maxRows={10}
          data-autofocus
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit" disabled={props.busy}>
          Hand over and end the shift
        </Button>
      </form>
    </Modal>
  )
}
