/**
 * Looks in the shapes that other plate readers answer with, so that their clients can be kept
 * (docs/integrating.md). Plates without characters are left out: both formats know none.
 */

import type { Look } from './plate.ts'

export type ReaderAnswer = {
  readonly file: string
  readonly picture: { readonly width: number; readonly height: number }
  readonly looks: readonly Look[]
  /** How long it took, milliseconds. */
  readonly ms: number
  readonly now: Date
}

/**
 * What `alpr -j` of OpenALPR 2.3 prints for a picture (`alpr_results`, version 2): confidences 0 to
 * 100, four coordinates a plate. One key is ours: `file`, because a folder gives many lines.
 */
export function openAlprAnswer({ file, picture, looks, ms, now }: ReaderAnswer) {
  return {
    version: 2,
    data_type: 'alpr_results',
    epoch_time: now.getTime(),
    img_width: picture.width,
    img_height: picture.height,
    processing_time_ms: ms,
    regions_of_interest: [{ x: 0, y: 0, width: picture.width, height: picture.height }],
    results: spelled(looks).map((look, index) => ({
      plate: look.text,
      confidence: percent(look.confidence),
      matches_template: 0,
      plate_index: index,
      region: look.jurisdiction?.code.toLowerCase() ?? '',
      region_confidence: Math.round(100 * (look.jurisdiction?.confidence ?? 0)),
      processing_time_ms: ms,
      requested_topn: 1 + look.alternatives.length,
      coordinates: look.corners.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })),
      candidates: [look, ...look.alternatives].map(({ text, confidence }) => ({
        plate: text,
        confidence: percent(confidence),
        matches_template: 0,
      })),
    })),
    file,
  }
}

export type PlateRecognizerAsk = {
  readonly cameraId: string | null
  /** When the picture was taken, as the client said it; null: now. */
  readonly timestamp: string | null
  readonly usage?: { readonly calls: number; readonly max_calls: number }
}

/**
 * The answer of Plate Recognizer's `POST /v1/plate-reader/`: lower-case plates, boxes as two points,
 * scores 0 to 1. Vehicles are not looked for: `vehicle` says `Unknown` with a score of 0.
 */
export function plateRecognizerAnswer(
  { file, looks, ms, now }: ReaderAnswer,
  { cameraId, timestamp, usage }: PlateRecognizerAsk = { cameraId: null, timestamp: null },
) {
  return {
    processing_time: ms,
    results: spelled(looks).map((look) => ({
      box: {
        xmin: Math.round(look.box.x),
        ymin: Math.round(look.box.y),
        xmax: Math.round(look.box.x + look.box.width),
        ymax: Math.round(look.box.y + look.box.height),
      },
      plate: look.text.toLowerCase(),
      region: {
        code: look.jurisdiction?.code.toLowerCase() ?? '',
        score: thousandths(look.jurisdiction?.confidence ?? 0),
      },
      score: thousandths(look.confidence),
      candidates: [look, ...look.alternatives].map(({ text, confidence }) => ({
        score: thousandths(confidence),
        plate: text.toLowerCase(),
      })),
      dscore: thousandths(look.detection),
      vehicle: { score: 0, type: 'Unknown', box: { xmin: 0, ymin: 0, xmax: 0, ymax: 0 } },
    })),
    filename: file,
    version: 1,
    camera_id: cameraId,
    timestamp: timestamp ?? now.toISOString(),
    ...(usage === undefined ? {} : { usage }),
  }
}

function spelled(looks: readonly Look[]): readonly Look[] {
  return looks.filter(({ text }) => text !== '')
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100
}

function thousandths(share: number): number {
  return Math.round(share * 1000) / 1000
}
