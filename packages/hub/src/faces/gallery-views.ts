/** Galleries as the API gives them. */

import { sizeMaxOf } from '@sallyport/core/face-verdict'
import type { GalleryEntryRow, ListedGallery } from '@sallyport/store/faces/galleries'

import type { Faces } from './faces.ts'
import type { Galleries } from './galleries.ts'

export function galleryView(
  row: ListedGallery,
  galleries: Pick<Galleries, 'searchable'>,
  now: Date,
) {
  const over = row.ended_at !== null || row.expires_at <= now
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    list: row.list,
    rule: row.rule,
    lanes: row.lanes,
    direction: row.direction,
    opens_at: row.opens_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    state: over
      ? ('ended' as const)
      : row.opens_at > now
        ? ('to_come' as const)
        : ('in_force' as const),
    people: row.people,
    described: row.described,
    searchable: galleries.searchable(row.id),
    model: row.model,
    made: {
      at: row.made_at.toISOString(),
      by: row.made_by === null ? null : { id: row.made_by, name: row.made_by_name ?? 'unknown' },
    },
    log_index: row.log_index,
  }
}

export function entryView(row: GalleryEntryRow) {
  return {
    id: row.id,
    place: row.place,
    name: row.name,
    born: row.born,
    nationality: row.nationality,
    document_kind: row.document_kind,
    document_number: row.document_number,
    has_photo: row.photo_sha256 !== null,
    described: row.template !== null,
    quality: row.quality,
  }
}

/** What faces are compared with, for whoever reads an answer; null where they are off. */
export function matchingView({ matching }: Pick<Faces, 'matching'>) {
  if (matching === null) return null
  const { profile, model, calibrations } = matching
  return {
    profile,
    model: { identity: model.identity, label: model.label, evaluation: model.evaluation },
    calibrations: calibrations.all().map(({ calibration, sha256, signed }) => ({
      camera_class: calibration.camera_class,
      made_from: calibration.made_from.name,
      made: calibration.made,
      signed,
      sha256: sha256.toString('hex'),
      false_positive_identification_rate: calibration.thresholds.falsePositiveIdentificationRate,
      people_max: sizeMaxOf(calibration.curves, calibration.thresholds),
    })),
  }
}
