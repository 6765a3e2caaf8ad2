import { Button, CopyButton, Modal, Radio, TextInput } from '@mantine/core'
import type { Direction, LaneKind } from '@sallyport/core/crossing'
import { isLaneId, laneIdOf } from '@sallyport/core/lane-id'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { EnrolmentCode, Lane } from '../api/types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { LaneArrival } from './lane-arrival.tsx'

/** A new lane, or another device for one that is there: name, code, command, and word of its arrival. */
export function EnrolDialog(props: {
  /** Null adds a lane first. */
  readonly lane: Lane | null
  readonly onClose: () => void
}): ReactElement {
  const [lane, setLane] = useState(props.lane)
  const [code, setCode] = useState<EnrolmentCode | null>(null)
  const { busy, error, run } = useAction()
  const client = useQueryClient()
  const before = props.lane?.device?.id ?? null

  const makeCode = async (id: string): Promise<void> =>
    setCode(
      await request<EnrolmentCode>(`/v1/lanes/${encodeURIComponent(id)}/enrolment-codes`, {
        method: 'POST',
        body: {},
      }),
    )
  const add = (made: NewLane): void =>
    run(async () => {
      const added = await request<Lane>('/v1/lanes', { method: 'POST', body: made })
      setLane(added)
      await client.invalidateQueries({ queryKey: keys.lanes })
      await makeCode(added.id)
    })

  const title = lane === null ? 'Add a lane' : `Enrol a device at ${lane.name}`
  return (
    <Modal opened onClose={props.onClose} title={title} centered size="lg">
      <div className="sp-enrol">
        {lane === null && <LaneForm busy={busy} onAdd={add} />}
        {lane !== null && code === null && (
          <>
            <p>
              A one-time code enrols one device here.
              {before !== null && ' The device that is here now stays until it is revoked.'}
            </p>
            <Button loading={busy} onClick={() => run(() => makeCode(lane.id))}>
              Make a code
            </Button>
          </>
        )}
        {lane !== null && code !== null && <Code code={code} lane={lane.id} before={before} />}
        {error !== null && <FailureNote doing="That did not work" error={error} />}
      </div>
    </Modal>
  )
}

type NewLane = {
  readonly id: string
  readonly name: string
  readonly direction: Direction
  readonly kind: LaneKind
}

function LaneForm(props: {
  readonly busy: boolean
  readonly onAdd: (lane: NewLane) => void
}): ReactElement {
  const [name, setName] = useState('')
  const [typedId, setTypedId] = useState<string | null>(null)
  const [direction, setDirection] = useState<Direction>('in')
  const [kind, setKind] = useState<LaneKind>('vehicle')
  const id = typedId ?? laneIdOf(name)
  const fits = isLaneId(id) && name.trim() !== ''
  return (
    <form
      className="sp-enrol"
      onSubmit={(event) => {
        event.preventDefault()
        if (fits) props.onAdd({ id, name: name.trim(), direction, kind })
      }}
    >
      <TextInput
        label="Name"
        description="As officers call it."
        placeholder="Lane 4 North"
        data-autofocus
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Id"
        description="Stands in commands and records, and cannot be changed later."
        value={id}
        error={id !== '' && !isLaneId(id) ? 'Letters, digits, dots and dashes only.' : undefined}
        classNames={{ input: 'sp-mono' }}
        onChange={(event) => setTypedId(event.currentTarget.value)}
      />
      <Choice
        label="Direction"
        value={direction}
        choices={directionChoices}
        onChange={setDirection}
      />
      <Choice label="What passes" value={kind} choices={kindChoices} onChange={setKind} />
      <Button type="submit" loading={props.busy} disabled={!fits}>
        Add the lane and make a code
      </Button>
    </form>
  )
}

const directionChoices = [
  ['in', 'In'],
  ['out', 'Out'],
] as const satisfies readonly (readonly [Direction, string])[]
const kindChoices = [
  ['vehicle', 'Vehicles'],
  ['walk', 'People on foot'],
  ['gate', 'A gate'],
] as const satisfies readonly (readonly [LaneKind, string])[]

function Choice<T extends string>(props: {
  readonly label: string
  readonly value: T
  readonly choices: readonly (readonly [T, string])[]
  readonly onChange: (value: T) => void
}): ReactElement {
  return (
    <Radio.Group
      label={props.label}
      value={props.value}
      onChange={(value) => {
        const chosen = props.choices.find(([one]) => one === value)
        if (chosen !== undefined) props.onChange(chosen[0])
      }}
    >
      <div className="sp-enrol-choices">
        {props.choices.map(([value, label]) => (
          <Radio key={value} value={value} label={label} />
        ))}
      </div>
    </Radio.Group>
  )
}

/** Which argument names the camera; without one `lane add` asks for its address. */
const cameraChoices = [
  ['rtsp', 'RTSP'],
  ['mjpeg', 'Motion JPEG'],
  ['push', 'It pushes pictures'],
  ['other', 'Another'],
] as const
type CameraKind = (typeof cameraChoices)[number][0]
const cameraArguments: Readonly<Record<CameraKind, string>> = {
  rtsp: '',
  mjpeg: ' --source mjpeg:http://CAMERA/PATH',
  push: ' --push 9000',
  other: ' --source SOURCE',
}

function Code(props: {
  readonly code: EnrolmentCode
  readonly lane: string
  /** The device that was here before, to tell the new one from it. */
  readonly before: string | null
}): ReactElement {
  const { code } = props
  const { port } = useSession()
  const [camera, setCamera] = useState<CameraKind>('rtsp')
  const command = `${code.command}${cameraArguments[camera]}`
  return (
    <>
      <Choice label="Camera" value={camera} choices={cameraChoices} onChange={setCamera} />
      <p>
        Run this at the camera’s computer, at {port.name}. It asks for the camera’s address and
        password, and shows how well it sees plates. The code works once, and it pins this agency’s
        key.
      </p>
      <div className="sp-enrol-command">
        <pre className="sp-mono">{command}</pre>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
      <p className="sp-quiet">
        Valid until <Instant at={code.expires_at} />. It is shown this once.
      </p>
      <LaneArrival lane={props.lane} before={props.before} />
    </>
  )
}
