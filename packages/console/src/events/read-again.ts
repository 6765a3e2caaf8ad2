/** Reading again what an event outdated, so that no answer which began before the event has the last word. */

import type { QueryClient, QueryKey } from '@tanstack/react-query'

const asked = new WeakMap<QueryClient, Set<string>>()

/**
 * Reads the queries under `queryKey` again, after whatever of them is being read now: an answer under
 * way may be from before the event, and invalidating a query that has no data yet does not begin it
 * anew (TanStack Query 5, `Query.fetch`). Calls while one waits are that one: a lane with an event a
 * second does not keep a slow answer from ever arriving.
 */
export function readAgain(client: QueryClient, queryKey: QueryKey): void {
  const waiting = asked.get(client) ?? new Set<string>()
  asked.set(client, waiting)
  const name = JSON.stringify(queryKey)
  if (waiting.has(name)) return
  const underWay = client
    .getQueryCache()
    .findAll({ queryKey, fetchStatus: 'fetching' })
    .flatMap(({ promise }) => promise ?? [])
  if (underWay.length === 0) {
    void client.invalidateQueries({ queryKey })
    return
  }
  waiting.add(name)
  void Promise.allSettled(underWay).then(() => {
    waiting.delete(name)
    void client.invalidateQueries({ queryKey })
  })
}
