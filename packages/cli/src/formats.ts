/** Looks in the shapes that other plate readers answer with, so that their clients can be kept. */

import type { Look } from '@sallyport/core/plate'

/** OpenALPR's `alpr_results` (version 2): confidences 0 to 100, four coordinates a plate. */
export function openAlprAnswer(
  file: string,
  picture: { width: number; height: number },
  looks: readonly Look[],
  ms: number,
) {
  return {
    version: 2,
    data_type: 'alpr_results',
    epoch_time: Date.now(),
    file,
    img_width: picture.width,
    img_height: picture.height,
    processing_time_ms: ms,
    regions_of_interest: [],
    results: looks
      .filter((look) => look.text !== '')
      .map((look, index) => ({
        plate: look.text,
        confidence: percent(look.confidence),
        matches_template: 0,
        plate_index: index,
        region: look.jurisdiction?.code.toLowerCase() ?? '',
        region_confidence: percent(look.jurisdiction?.confidence ?? 0),
        processing_time_ms: ms,
        requested_topn: 1 + look.alternatives.length,
        coordinates: look.corners.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })),
        candidates: [look, ...look.alternatives].map(({ text, confidence }) => ({
          plate: text,
          confidence: percent(confidence),
          matches_template: 0,
        })),
      })),
  }
}

/** Plate Recognizer's Snapshot answer: lower-case plates, boxes as two points. */
export function plateRecognizerAnswer(file: string, looks: readonly Look[], ms: number) {
  return {
    processing_time: ms,
    filename: file,
    version: 1,
    camera_id: null,
    timestamp: new Date().toISOString(),
    results: looks
      .filter((look) => look.text !== '')
      .map((look) => ({
        box: {
          xmin: Math.round(look.box.x),
          ymin: Math.round(look.box.y),
          xmax: Math.round(look.box.x + look.box.width),
          ymax: Math.round(look.box.y + look.box.height),
        },
        plate: look.text.toLowerCase(),
        region: {
          code: look.jurisdiction?.code.toLowerCase() ?? '',
          score: look.jurisdiction?.confidence ?? 0,
        },
        score: look.confidence,
        dscore: look.detection,
        candidates: [look, ...look.alternatives].map(({ text, confidence }) => ({
          plate: text.toLowerCase(),
          score: confidence,
        })),
      })),
  }
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100
}
