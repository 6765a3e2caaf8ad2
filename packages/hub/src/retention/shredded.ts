/** What an opening is told of a picture that was shredded, or is about to be. */

import type { CaptureClass } from '@sallyport/core/crossing'
import type { CaptureRow } from '@sallyport/store/crossings'

/** A refusal that is logged like any other; null for a picture that is kept. */
export function shreddedAnswer(capture: CaptureRow, view: CaptureClass) {
  if (capture.shredding === null) return null
  const detail =
    capture.shredded_at === null
      ? 'Its shredding was asked for: the retention policy keeps it no longer.'
      : `It was shredded at ${capture.shredded_at.toISOString()}: the key is destroyed, and nobody opens it any more. Retention shows by which policy.`
  return {
    decision: { kind: 'refuse', code: 'picture_shredded', detail },
    view,
    part: {},
    grant: null,
  } as const
}
