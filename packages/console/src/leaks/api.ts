/** Searches for leaked copies as the hub has them (specs/leaks.md). */

import type { FindingLevel, FindingVerdict } from '@sallyport/core/leaks/finding'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

export type LeakSearch = {
  readonly id: string
  readonly at: string
  readonly by: { readonly id: string; readonly name: string }
  readonly reference: string
  readonly sources: readonly string[]
  readonly state: 'running' | 'ended'
  readonly ended_at: string | null
  readonly captures: number
  readonly captures_hashed: number
  readonly files: number
  readonly ours: number
  readonly unsure: number
  readonly attributed: number
  readonly statement: readonly string[]
  readonly log_index: number
  readonly end_log_index: number | null
}

export type LeakEvidence = { readonly kind: string } & Readonly<Record<string, unknown>>

export type LeakFile = {
  readonly number: number
  readonly file: string
  readonly sha256: string | null
  readonly verdict: FindingVerdict
  readonly level: FindingLevel | null
  readonly capture: string | null
  readonly crossing: string | null
  readonly opening: string | null
  readonly release: string | null
  readonly party: string | null
  readonly error_probability: number | null
  readonly evidence: readonly LeakEvidence[]
}

type FilePage = { readonly files: readonly LeakFile[]; readonly more: boolean }

export const leakKeys = {
  all: ['leaks'],
  list: ['leaks', 'list'],
  search: (id: string) => ['leaks', 'search', id],
  files: (id: string, verdict: FindingVerdict | null) => ['leaks', 'files', id, verdict],
} as const

/** Files that others send, from a command too, come without an event. */
const everyMs = 5_000
export const limits = {
  fileMs: 300_000,
  beginMs: 120_000,
  selfTestMs: 3_600_000,
  exportedFilesMax: 100_000,
} as const

export const leakSearchesQuery = queryOptions({
  queryKey: leakKeys.list,
  queryFn: async ({ signal }) =>
    (await request<{ searches: readonly LeakSearch[] }>('/v1/leak-searches', { signal })).searches,
  refetchInterval: everyMs,
})

export function leakSearchQuery(id: string) {
  return queryOptions({
    queryKey: leakKeys.search(id),
    queryFn: ({ signal }) => request<LeakSearch>(`/v1/leak-searches/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'ended' ? false : everyMs),
  })
}

export function leakFilesQuery(id: string, verdict: FindingVerdict | null, running: boolean) {
  return infiniteQueryOptions({
    queryKey: leakKeys.files(id, verdict),
    queryFn: ({ signal, pageParam }) => filesAfter(id, pageParam, verdict, signal),
    initialPageParam: 0,
    getNextPageParam: ({ files, more }) => (more ? (files.at(-1)?.number ?? null) : null),
    refetchInterval: running ? everyMs : false,
  })
}

/** Every finding of a search, page after page: what a file is made of. */
export async function allFiles(id: string): Promise<readonly LeakFile[]> {
  const all: LeakFile[] = []
  for (let after = 0; all.length < limits.exportedFilesMax;) {
    const { files, more } = await filesAfter(id, after, null)
    all.push(...files)
    const last = files.at(-1)
    if (!more || last === undefined) break
    after = last.number
  }
  return all
}

function filesAfter(
  id: string,
  after: number,
  verdict: FindingVerdict | null,
  signal?: AbortSignal,
): Promise<FilePage> {
  const only = verdict === null ? '' : `&verdict=${verdict}`
  return request<FilePage>(`/v1/leak-searches/${id}/files?after=${after}${only}`, {
    ...(signal === undefined ? {} : { signal }),
  })
}
