/** Measures what the camera sees of plates, for whoever aims it: numbers in memory, and no characters. */

import type { GaugeFigures, PlateFigures } from '@sallyport/core/gauge'
import type { Look } from '@sallyport/core/plate'
import { overlap } from '@sallyport/vision/geometry'
import type { Picture } from '@sallyport/vision/picture'
import { lightOf, tiltOf } from '@sallyport/vision/plate-measure'
import { votePlate } from '@sallyport/vision/vote'

import { limits } from './limits.ts'
import { isPlate } from './pass.ts'
import { isDropped, type LaneReader } from './reader.ts'
import type { Frame } from './sources/source.ts'

type Seen = { readonly look: Look; readonly monotonicMs: number }

export class Gauge {
  #frames: readonly number[] = []
  #looks: readonly Seen[] = []
  #plate: (PlateFigures & { readonly monotonicMs: number }) | null = null
  #looking = false
  /** Pictures come one by one: how many a second says nothing of the camera. */
  #whole = false

  /** Told of every frame. */
  saw({ monotonicMs, pass }: Pick<Frame, 'monotonicMs' | 'pass'>): void {
    this.#whole = pass === 'whole'
    const since = monotonicMs - limits.gaugeFramesMs
    this.#frames = [...this.#frames.filter((at) => at > since), monotonicMs]
  }

  /** Told of every look that was taken at a frame. */
  looked(
    picture: Picture,
    looks: readonly Look[],
    { monotonicMs, takenAt }: Pick<Frame, 'monotonicMs' | 'takenAt'>,
  ): void {
    const look = looks.find(isPlate)
    if (look === undefined) return
    const since = monotonicMs - limits.gaugeLooksMs
    const before = this.#looks.filter(
      (one) => one.monotonicMs > since && overlap(one.look.box, look.box) > 0,
    )
    this.#looks = [...before, { look, monotonicMs }].slice(-limits.gaugeLooksMax)
    const read = votePlate(
      this.#looks.map((one) => one.look),
      { looksMin: 2 },
    )
    const { contrast, clippedLight, clippedDark } = lightOf(picture, look.corners)
    this.#plate = {
      monotonicMs,
      seen_at: takenAt.toISOString(),
      width_px: tenths(look.plateWidthPx),
      sharpness: thousandths(look.sharpness ?? 0),
      tilt_deg: tenths(tiltOf(look.corners)),
      contrast: thousandths(contrast),
      clipped_light: thousandths(clippedLight),
      clipped_dark: thousandths(clippedDark),
      surely: read.kind === 'read',
    }
  }

  /** Looks at a frame whether or not anything moves in it, one at a time; what comes meanwhile is passed over. */
  async look(
    { takenAt, monotonicMs }: Pick<Frame, 'takenAt' | 'monotonicMs'>,
    picture: Picture,
    reader: Pick<LaneReader, 'look'>,
  ): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const looked = await reader.look(picture, { frame: takenAt.toISOString(), origin: false })
      if (!isDropped(looked)) this.looked(picture, looked, { takenAt, monotonicMs })
    } catch {
      // The reader was closed meanwhile: what it would have said is not missed.
    } finally {
      this.#looking = false
    }
  }

  /** As of `monotonicMs`; a plate of long ago is forgotten. */
  figures(monotonicMs: number): GaugeFigures {
    const since = monotonicMs - limits.gaugeFramesMs
    const frames = this.#frames.filter((at) => at > since).length
    const kept = this.#plate
    const rate = tenths((1000 * frames) / limits.gaugeFramesMs)
    const frames_per_second = this.#whole ? null : rate
    if (kept === null || kept.monotonicMs < monotonicMs - limits.gaugePlateMs)
      return { frames_per_second, plate: null }
    const { monotonicMs: _, ...plate } = kept
    return { frames_per_second, plate }
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}
