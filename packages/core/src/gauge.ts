/**
 * The gauge by which a camera is aimed: numbers of the plate in view, each good or poor, and what to do.
 *
 * Cut-offs come from drawn pictures (`bench/gauge.ts`, docs/performance.md), where the reader is right and
 * sure from them on; the one for frames is what looks a slow vehicle needs. No number here names a plate.
 */

/** As a lane sends them: of the last plate it saw, never its characters. */
export type GaugeFigures = {
  /** Null where pictures come one by one, as photographs. */
  readonly frames_per_second: number | null
  /** Null where no plate was seen lately. */
  readonly plate: PlateFigures | null
}

export type PlateFigures = {
  readonly seen_at: string
  readonly width_px: number
  /** 0 to about 1, as `Look.sharpness`. */
  readonly sharpness: number
  /** Degrees by which its text runs downhill. From how far aside it is seen, the detector's corners do not tell. */
  readonly tilt_deg: number
  /** Dark to light, 0 to 1; and the shares of it that are white or black without detail. */
  readonly contrast: number
  readonly clipped_light: number
  readonly clipped_dark: number
  /** Several looks agree on what it says, and are sure. */
  readonly surely: boolean
}

export const gaugeLimits = {
  widthPx: { good: 80, poor: 60 },
  sharpness: { good: 0.25, poor: 0.2 },
  tiltDeg: { good: 15, poor: 20 },
  contrast: { good: 0.15, poor: 0.1 },
  /** Beyond this share of white or black, light is named as the reason. */
  clippedMax: 0.4,
  framesPerSecond: { good: 4, poor: 2 },
  /** Without a plate for so long, somebody is told what to do. */
  noPlateMs: 60_000,
} as const

export type GaugeVerdict = 'good' | 'fair' | 'poor'

export type GaugeReading = {
  readonly name: 'width' | 'sharpness' | 'angle' | 'light' | 'frames'
  readonly verdict: GaugeVerdict
  /** The number with its unit, and from where on it is good. */
  readonly seen: string
  readonly needed: string
  /** What to do; null where it is good. */
  readonly advice: string | null
}

/** What the figures amount to, the plate's first. Without a plate only the frames are judged. */
export function readGauge({ plate, frames_per_second }: GaugeFigures): readonly GaugeReading[] {
  const frames = frames_per_second === null ? [] : [framesReading(frames_per_second)]
  if (plate === null) return frames
  const own = [widthReading, sharpnessReading, angleReading, lightReading]
  return [...own.map((reading) => reading(plate)), ...frames]
}

/** The worst of them. */
export function gaugeVerdict(readings: readonly GaugeReading[]): GaugeVerdict {
  const said = new Set(readings.map(({ verdict }) => verdict))
  return said.has('poor') ? 'poor' : said.has('fair') ? 'fair' : 'good'
}

/** What to do about a plate that does not come; null while waiting is all there is to it. */
export function noPlateAdvice(waitedMs: number): string | null {
  if (waitedMs < gaugeLimits.noPlateMs) return null
  return 'No plate in view for a minute. Put a vehicle where the plate shall be read, or hold a plate there; check that the camera looks at it, is not upside down, and is in focus.'
}

function widthReading({ width_px }: PlateFigures): GaugeReading {
  const { good, poor } = gaugeLimits.widthPx
  const width = Math.round(width_px)
  return {
    name: 'width',
    verdict: atLeast(width, good, poor),
    seen: `${width} px`,
    needed: `${good} px`,
    advice:
      width >= good
        ? null
        : `The camera is too far: the plate is ${width} px wide, from ${good} px on reads are sure. Move it nearer, zoom in, or choose the camera's larger stream.`,
  }
}

function sharpnessReading({ sharpness }: PlateFigures): GaugeReading {
  const { good, poor } = gaugeLimits.sharpness
  return {
    name: 'sharpness',
    verdict: atLeast(sharpness, good, poor),
    seen: sharpness.toFixed(2),
    needed: good.toFixed(2),
    advice:
      sharpness >= good
        ? null
        : 'The plate is blurred. A standing vehicle: focus the lens on it. A moving one: a shorter shutter (1/500 s or less) and more light, and less compression in the camera.',
  }
}

function angleReading({ tilt_deg }: PlateFigures): GaugeReading {
  const { good, poor } = gaugeLimits.tiltDeg
  const tilt = Math.abs(tilt_deg)
  const verdict = atLeast(-tilt, -good, -poor)
  const [runs, turn] = tilt_deg > 0 ? ['downhill', 'clockwise'] : ['uphill', 'counter-clockwise']
  return {
    name: 'angle',
    verdict,
    seen: `tilt ${Math.round(tilt_deg)}°`,
    needed: `tilt up to ${good}°`,
    advice:
      verdict === 'good'
        ? null
        : `The text runs ${runs} by ${Math.round(tilt)}°: turn the camera ${turn} by that much.`,
  }
}

function lightReading({ contrast, clipped_light, clipped_dark }: PlateFigures): GaugeReading {
  const { good, poor } = gaugeLimits.contrast
  const seen = `contrast ${Math.round(100 * contrast)} %`
  const clipped =
    clipped_light > gaugeLimits.clippedMax
      ? `, ${Math.round(100 * clipped_light)} % white`
      : clipped_dark > gaugeLimits.clippedMax
        ? `, ${Math.round(100 * clipped_dark)} % black`
        : ''
  return {
    name: 'light',
    verdict: atLeast(contrast, good, poor),
    seen: `${seen}${clipped}`,
    needed: `contrast ${Math.round(100 * good)} %`,
    advice: contrast >= good ? null : lightAdvice(clipped_light, clipped_dark),
  }
}

function lightAdvice(clippedLight: number, clippedDark: number): string {
  const { clippedMax } = gaugeLimits
  if (clippedLight > clippedMax)
    return 'The plate is washed out. Shorten the exposure, lower the gain or the lamp, and keep the sun and headlights out of the lens.'
  if (clippedDark > clippedMax)
    return 'The plate is too dark. Add light on it; lengthening the exposure would blur what moves.'
  return 'Characters and sheet of the plate are hard to tell apart. Clean lens and housing, turn off fog or wide-range modes, and add light on the plate.'
}

function framesReading(framesPerSecond: number): GaugeReading {
  const { good, poor } = gaugeLimits.framesPerSecond
  return {
    name: 'frames',
    verdict: atLeast(framesPerSecond, good, poor),
    seen: `${framesPerSecond.toFixed(1)} a second`,
    needed: `${good} a second`,
    advice:
      framesPerSecond >= good
        ? null
        : 'Few frames are looked at: a vehicle that drives through may be seen once or not at all. Raise the frame rate in the camera, or give this computer less else to do.',
  }
}

function atLeast(value: number, good: number, poor: number): GaugeVerdict {
  return value >= good ? 'good' : value >= poor ? 'fair' : 'poor'
}
