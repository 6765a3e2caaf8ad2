/** A photograph with its template from the gallery of a list into one of those who cross often. */

import type { SourceEntry } from '@sallyport/store/faces/frequent-crossers'
import { describeEntry } from '@sallyport/store/faces/galleries'
import type { FaceModel } from '@sallyport/vision/face/face-reader'
import { openTemplate, sealTemplate } from '@sallyport/vision/face/template-seal'

import type { GalleriesContext } from './galleries.ts'
import { keyUnder } from './load-gallery.ts'

/**
 * Puts the photograph under the key of the other gallery without opening it, and the template under the
 * other entry. False, and nothing written, when it does not open or is of another model.
 */
export async function copyEntry(
  source: SourceEntry,
  to: { readonly id: string; readonly kek: string },
  model: FaceModel,
  { db, keks, now }: Pick<GalleriesContext, 'db' | 'keks' | 'now'>,
): Promise<boolean> {
  const { template, photo_header, photo_body, photo_sha256 } = source
  if (template === null || photo_header === null || photo_body === null) return false
  const key = keyUnder(source.kek, photo_header, keks)
  const header = keks.rewrap(photo_header, source.kek, to.kek)
  if (key === null || header === null) return false
  const opened = openTemplate(template, source.id, key, model)
  if (opened.kind === 'refused') return false
  const sealed = sealTemplate(opened.template, to.id, key)
  opened.template.vector.fill(0)
  await describeEntry(db, to.id, {
    template: sealed,
    quality: JSON.stringify(source.quality),
    photo_header: header,
    photo_body,
    photo_sha256,
    described_at: now(),
  })
  return true
}
