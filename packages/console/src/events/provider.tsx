/** Keeps the page's data in step with the hub's events, and knows whether it is. */

import {
  useQueryClient,
  type InfiniteData,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import {
  createContext,
  useContext,
  useEffect,
  useReducer,
  type ReactElement,
  type ReactNode,
} from 'react'

import { alarmsQuery, keys, lanesQuery, limits, recentQuery } from '../api/queries.ts'
import type { ReviewEvent } from '../api/review-types.ts'
import type { Alarm, Crossing, CrossingsPage, Lane } from '../api/types.ts'
import { keys as contractorKeys } from '../contractors/api.ts'
import { deviceKeys } from '../devices/device-queries.ts'
import { leakKeys } from '../leaks/api.ts'
import { listWithVerdict, withVerdict } from '../review/apply-verdict.ts'
import { reviewKeys } from '../review/review-queries.ts'
import { hubNow, setHubTime } from '../shell/clock.ts'
import { watchKeys } from '../watch/watch-queries.ts'
import { faceKeys } from '../window/face-queries.ts'
import { windowKeys } from '../window/window-queries.ts'
import {
  alarmsAfterAlarm,
  lanesAfterCrossing,
  lanesAfterLane,
  recentAfterCrossing,
} from './apply.ts'
import { nextConnection, type Connection } from './connection.ts'
import { readAgain } from './read-again.ts'
import { EventStream, type EventName } from './stream.ts'

const ConnectionContext = createContext<Connection>({ kind: 'connecting' })

export function useConnection(): Connection {
  return useContext(ConnectionContext)
}

export function EventsProvider(props: { readonly children: ReactNode }): ReactElement {
  const client = useQueryClient()
  const [connection, signal] = useReducer(nextConnection, { kind: 'connecting' })
  useEffect(() => {
    const stream = new EventStream('/v1/events', {
      onOpen: () => signal({ kind: 'opened', at: hubNow() }),
      onLost: () => {
        signal({ kind: 'lost' })
        // The stream also ends when the session does; asking tells the two apart.
        void client.invalidateQueries({ queryKey: keys.session })
      },
      onEvent: (name, data) => {
        signal({ kind: 'heard', at: hubNow() })
        applyEvent(client, name, data)
      },
    })
    const unsubscribe = client.getQueryCache().subscribe((event) => {
      if (
        event.type === 'updated' &&
        event.action.type === 'success' &&
        event.action.manual !== true
      ) {
        signal({ kind: 'heard', at: hubNow() })
      }
    })
    return () => {
      stream.close()
      unsubscribe()
    }
  }, [client])
  return <ConnectionContext value={connection}>{props.children}</ConnectionContext>
}

const crossingListeners = new Set<(crossing: Crossing) => void>()

/** Calls `listener` for every crossing that arrives while the component is mounted. */
export function useCrossingArrivals(listener: (crossing: Crossing) => void): void {
  useEffect(() => {
    crossingListeners.add(listener)
    return () => {
      crossingListeners.delete(listener)
    }
  }, [listener])
}

function applyEvent(client: QueryClient, name: EventName, data: unknown): void {
  switch (name) {
    case 'crossing':
      applyCrossing(client, data as Crossing)
      return
    case 'device':
      client.setQueryData(
        lanesQuery.queryKey,
        (lanes) => lanes && lanesAfterLane(lanes, data as Lane),
      )
      afterChange(client, keys.lanes)
      return
    case 'device_event':
      readAgain(client, deviceKeys.all)
      return
    case 'seconding':
      readAgain(client, contractorKeys.secondings)
      readAgain(client, contractorKeys.supervision)
      return
    case 'alarm':
      client.setQueryData(
        alarmsQuery.queryKey,
        (alarms) => alarms && alarmsAfterAlarm(alarms, data as Alarm),
      )
      afterChange(client, keys.alarms)
      return
    case 'watch_hit':
    case 'traveller_hit':
      readAgain(client, watchKeys.all)
      return
    case 'leaks':
      readAgain(client, leakKeys.all)
      return
    case 'crossing.matched':
      readAgain(client, faceKeys.all)
      return
    case 'window':
      readAgain(client, windowKeys.all)
      // What is withheld changes with what people said.
      readAgain(client, faceKeys.all)
      return
    case 'review':
      applyReview(client, data as ReviewEvent)
      return
    case 'opening':
      readAgain(client, keys.openings)
      readAgain(client, keys.crossingAll)
      readAgain(client, keys.figures)
      return
    case 'hello':
      if (typeof data === 'object' && data !== null && 'at' in data) setHubTime(String(data.at))
      return
    case 'reset':
      // Something may have been missed: everything that follows events is read again.
      for (const queryKey of [
        keys.lanes,
        keys.recentAll,
        keys.alarms,
        keys.figures,
        keys.openings,
        deviceKeys.all,
        reviewKeys.queues,
        watchKeys.all,
        windowKeys.all,
        faceKeys.all,
        leakKeys.all,
      ]) {
        readAgain(client, queryKey)
      }
      return
  }
}

/** A verdict stands beside the plate wherever it is shown; no list moves for it. */
function applyReview(client: QueryClient, event: ReviewEvent): void {
  client.setQueryData(
    lanesQuery.queryKey,
    (lanes) =>
      lanes &&
      lanes.map((lane) =>
        lane.newest === null ? lane : { ...lane, newest: withVerdict(lane.newest, event) },
      ),
  )
  client.setQueryData(
    recentQuery(event.lane).queryKey,
    (recent) => recent && listWithVerdict(recent, event),
  )
  client.setQueriesData<InfiniteData<CrossingsPage>>({ queryKey: keys.searchAll }, (found) =>
    found === undefined
      ? found
      : {
          ...found,
          pages: found.pages.map((page) => ({
            ...page,
            crossings: listWithVerdict(page.crossings, event),
          })),
        },
  )
  readAgain(client, keys.crossing(event.crossing))
  readAgain(client, reviewKeys.item(event.crossing))
  readAgain(client, reviewKeys.queues)
}

function applyCrossing(client: QueryClient, crossing: Crossing): void {
  client.setQueryData(lanesQuery.queryKey, (lanes) => lanes && lanesAfterCrossing(lanes, crossing))
  client.setQueryData(
    recentQuery(crossing.lane).queryKey,
    (recent) => recent && recentAfterCrossing(recent, crossing, limits.recentPerLane),
  )
  afterChange(client, keys.lanes)
  afterChange(client, keys.recent(crossing.lane))
  if (crossing.plate.kind !== 'read') readAgain(client, reviewKeys.queues)
  for (const listener of crossingListeners) listener(crossing)
}

/** An answer that is under way would put back what was there before the event. */
function afterChange(client: QueryClient, queryKey: QueryKey): void {
  if (client.isFetching({ queryKey }) > 0) readAgain(client, queryKey)
}
