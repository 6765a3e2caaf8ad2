/** What the page of galleries reads and sends. */

import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'
import type { FrequentRules } from './frequent-types.ts'
import type { Gallery, ListImport, Matching, PhotosAnswer } from './types.ts'

export const limits = {
  /** The hub takes 1 MiB of a list, and 16 MiB of photographs with the JSON around them. */
  listBytes: 1024 * 1024,
  photosBytes: 8 * 1024 * 1024,
  photosAtOnce: 25,
  photosMs: 300_000,
  importMs: 60_000,
} as const

export type PassengerList = {
  readonly id: string
  readonly transport: string
  readonly reference: string
  readonly arrives_in: string | null
  readonly arrives_at: string | null
  readonly partial: boolean
  readonly travellers: number
  readonly warnings: readonly string[]
  readonly expires_at: string
}

export const galleryKeys = {
  all: ['galleries'],
  frequent: ['galleries', 'frequent'],
  lists: ['passenger-lists'],
} as const

export const galleriesQuery = queryOptions({
  queryKey: galleryKeys.all,
  queryFn: ({ signal }) =>
    request<{ matching: Matching | null; galleries: readonly Gallery[] }>('/v1/galleries', {
      signal,
    }),
})

export const frequentQuery = queryOptions({
  queryKey: galleryKeys.frequent,
  queryFn: ({ signal }) => request<FrequentRules>('/v1/frequent-rules', { signal }),
})

export const listsQuery = queryOptions({
  queryKey: galleryKeys.lists,
  queryFn: ({ signal }) =>
    request<{ lists: readonly PassengerList[] }>('/v1/passenger-lists', { signal }),
})

export type ListFile = {
  readonly format: 'paxlst' | 'csv'
  readonly file: string
  readonly head?: {
    readonly reference: string
    readonly transport: string
    readonly arrivesAt?: string
  }
}

export function bringList(file: ListFile, accepts?: number): Promise<ListImport> {
  return request<ListImport>('/v1/passenger-lists', {
    method: 'POST',
    body: accepts === undefined ? file : { ...file, accepts },
    timeoutMs: limits.importMs,
  })
}

export function sendPhotos(
  gallery: string,
  photos: readonly { readonly name: string; readonly picture: string }[],
): Promise<PhotosAnswer> {
  return request<PhotosAnswer>(`/v1/galleries/${gallery}/photos`, {
    method: 'POST',
    body: { photos },
    timeoutMs: limits.photosMs,
  })
}

/** A file as base64. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
