import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useImperativeHandle, useRef, useState, type ReactElement, type Ref } from 'react'

import type { Lane } from '../api/types.ts'
import { dayStart, wallTime } from '../format/time.ts'
import { hubNow } from '../shell/clock.ts'
import { SearchIcon } from '../shell/icons.tsx'
import { useZone } from '../shell/session-context.ts'
import { ranges, type Filter } from './filter.ts'

export type FilterHandle = { readonly focus: () => void }

const rangeNames: Readonly<Record<Filter['range'], string>> = {
  any: 'Any time',
  hour: 'Last hour',
  today: 'Today',
  yesterday: 'Yesterday',
  custom: 'From … to …',
}

const directionChoices = [
  ['', 'Both'],
  ['in', 'In'],
  ['out', 'Out'],
] as const
const kindChoices = [
  ['', 'Any'],
  ['read', 'Read'],
  ['unsure', 'Unsure'],
  ['unreadable', 'Unreadable'],
] as const

/**
 * The search and its filters. Typing asks after a short rest; Enter asks at once. The field is its
 * own: what is being typed is never overwritten by an answer. Mount it anew to clear it.
 */
export function FilterBar(props: {
  readonly filter: Filter
  readonly lanes: readonly Lane[]
  readonly onChange: (filter: Filter) => void
  /** The search is done with: on to the rows. */
  readonly onLeave: () => void
  readonly ref?: Ref<FilterHandle>
}): ReactElement {
  const { filter, lanes, onChange, ref } = props
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(filter.plate)
  useImperativeHandle(ref, () => ({
    focus: () => {
      field.current?.focus()
      field.current?.select()
    },
  }))
  const ask = useDebouncedCallback((plate: string) => onChange({ ...filter, plate }), 250)
  const set = (change: Partial<Filter>): void => onChange({ ...filter, plate: typed, ...change })
  return (
    <div className="sp-filters sp-panel" role="search">
      <PlateField
        ref={field}
        typed={typed}
        onType={(plate) => {
          setTyped(plate)
          ask(plate)
        }}
        onEnter={() => set({})}
        onLeave={() => {
          field.current?.blur()
          props.onLeave()
        }}
      />
      <NativeSelect
        label="Lane"
        value={filter.lane}
        onChange={(event) => set({ lane: event.currentTarget.value })}
        data={[
          { value: '', label: 'All lanes' },
          ...lanes.map((lane) => ({ value: lane.id, label: lane.name })),
        ]}
      />
      <RangeSelect filter={filter} onChange={set} />
      <Choice
        label="Direction"
        value={filter.direction}
        onChange={(direction) => set({ direction })}
        choices={directionChoices}
      />
      <Choice
        label="Plate was"
        value={filter.kind}
        onChange={(kind) => set({ kind })}
        choices={kindChoices}
      />
      {filter.range === 'custom' && <CustomRange filter={filter} onChange={set} />}
    </div>
  )
}

function PlateField(props: {
  readonly typed: string
  readonly onType: (plate: string) => void
  readonly onEnter: () => void
  readonly onLeave: () => void
  readonly ref: Ref<HTMLInputElement>
}): ReactElement {
  const { ref, typed, onType, onEnter, onLeave } = props
  return (
    <TextInput
      ref={ref}
      className="sp-filters-plate"
      label="Plate"
      placeholder="ABC 123"
      value={typed}
      maxLength={24}
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      leftSection={<SearchIcon size={16} />}
      rightSection={<kbd>/</kbd>}
      onChange={(event) => onType(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter()
        if (event.key === 'Escape' || event.key === 'ArrowDown') {
          event.preventDefault()
          onLeave()
        }
      }}
    />
  )
}

type RangeProps = {
  readonly filter: Filter
  readonly onChange: (change: Partial<Filter>) => void
}

function RangeSelect(props: RangeProps): ReactElement {
  const zone = useZone()
  return (
    <NativeSelect
      label="Time"
      value={props.filter.range}
      onChange={(event) => {
        const range = ranges.find((one) => one === event.currentTarget.value)
        if (range === undefined) return
        const bounds = { from: wallTime(dayStart(hubNow(), zone), zone), to: '' }
        props.onChange(range === 'custom' ? { range, ...bounds } : { range })
      }}
      data={ranges.map((value) => ({ value, label: rangeNames[value] }))}
    />
  )
}

function CustomRange(props: RangeProps): ReactElement {
  const { filter, onChange } = props
  return (
    <>
      <TextInput
        type="datetime-local"
        label="From (port time)"
        value={filter.from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="To (port time)"
        value={filter.to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </>
  )
}

function Choice<T extends string>(props: {
  readonly label: string
  readonly value: T
  readonly choices: readonly (readonly [T, string])[]
  readonly onChange: (value: T) => void
}): ReactElement {
  return (
    <div className="sp-filters-choice">
      <span className="sp-filters-label">{props.label}</span>
      <SegmentedControl
        aria-label={props.label}
        size="sm"
        withItemsBorders={false}
        value={props.value}
        data={props.choices.map(([value, label]) => ({ value, label }))}
        onChange={(value) => {
          const chosen = props.choices.find(([one]) => one === value)
          if (chosen !== undefined) props.onChange(chosen[0])
        }}
      />
    </div>
  )
}
