/** Faces of a crossing as the console reads them. No score is ever among them. */

import type { AcquisitionFault } from '@sallyport/core/faces/acquisition'
import type { GalleryKind } from '@sallyport/core/faces/gallery-terms'
import type { OffReason } from '@sallyport/core/faces/outcome'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

export type FaceCandidate = {
  readonly entry_id: string
  readonly gallery_id: string | null
  /** Null once it has ended. */
  readonly gallery: { readonly kind: GalleryKind; readonly name: string } | null
  readonly name: string | null
  readonly document_kind: string | null
  readonly document_number_tail: string | null
  readonly has_photo: boolean
  readonly mark_of_watch: boolean
  /** Of a watch entry: by whom, and why. */
  readonly looked_for: { readonly issuer: string; readonly reason: string } | null
}

export type FaceOutcome =
  | { readonly kind: 'off'; readonly reason: OffReason }
  | { readonly kind: 'opted_out' | 'no_gallery' | 'no_match' | 'withheld' }
  | { readonly kind: 'not_acquired'; readonly why: AcquisitionFault }
  | {
      readonly kind: 'too_close' | 'match'
      readonly candidates: readonly FaceCandidate[]
    }

type CrossingFace = {
  readonly id: string
  readonly capture_id: string
  readonly outcome: FaceOutcome
  /** Described by an evaluation model: for trying out, not to act on. */
  readonly evaluation: boolean
}

export type CrossingFaces = { readonly faces: readonly CrossingFace[] }

export const faceKeys = {
  all: ['faces'],
  crossing: (id: string) => ['faces', id],
} as const

export function facesQuery(crossing: string) {
  return queryOptions({
    queryKey: faceKeys.crossing(crossing),
    queryFn: ({ signal }) =>
      request<CrossingFaces>(`/v1/crossings/${encodeURIComponent(crossing)}/faces`, { signal }),
  })
}
