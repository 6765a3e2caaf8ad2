/** `sallyport faces`: faces in pictures, with what their quality is good for. */

import { enrolmentAdvice, enrolmentFaults } from '@sallyport/core/face-quality'
import type { Face } from '@sallyport/vision/face/face-reader'

import { CommandFailure, exitCodes } from '../exit.ts'
import { type ModelOptions, openModel } from '../faces/open-model.ts'
import { pictureIn, picturesAt } from '../faces/picture-list.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = ModelOptions & { readonly json?: boolean }

/** Looks at every picture; exit code 1 when one could not be taken or nothing was there to look at. */
export async function faces(
  paths: readonly string[],
  { json = false, ...options }: Options,
): Promise<void> {
  const files = (await Promise.all(paths.map(picturesAt))).flat()
  if (files.length === 0)
    throw new CommandFailure(`No pictures in ${paths.join(', ')}.`, exitCodes.no)
  const reader = await openModel(options)
  const progress = progressLine()
  try {
    for (const [index, file] of files.entries()) {
      if (files.length > 1) progress.show(`${index + 1} of ${files.length}`)
      const started = performance.now()
      const decoded = await pictureIn(file)
      if (decoded.kind === 'refused') {
        progress.end()
        process.exitCode = exitCodes.no
        if (json) jsonLine({ file, error: { code: decoded.code, detail: decoded.detail } })
        else note(`${file}: ${decoded.detail}`)
        continue
      }
      const found = await reader.look(decoded.picture, { describe: 'none' })
      const ms = Math.round((performance.now() - started) * 10) / 10
      progress.end()
      if (json) jsonLine({ file, faces: found.map(faceJson), model: reader.model.identity, ms })
      else console.log(`${file}: ${facesWords(found)} (${ms} ms)`)
    }
  } finally {
    await reader.close()
  }
}

function faceJson({ box, confidence, quality }: Face) {
  const round = (value: number) => Math.round(value * 10) / 10
  const { x, y, width, height } = box
  return {
    box: { x: round(x), y: round(y), width: round(width), height: round(height) },
    confidence: Math.round(confidence * 1000) / 1000,
    quality,
    enrolment_faults: enrolmentFaults(quality),
  }
}

function facesWords(found: readonly Face[]): string {
  if (found.length === 0) return 'no face'
  const words = found.map(({ quality }) => {
    const [fault] = enrolmentFaults(quality)
    const eyes = `eyes ${Math.round(quality.inter_eye_distance)} px apart`
    return fault === undefined
      ? `${eyes}, good enough to enrol`
      : `${eyes}, not to be enrolled: ${enrolmentAdvice[fault]}`
  })
  return `${found.length === 1 ? '1 face' : `${found.length} faces`}: ${words.join(' · ')}`
}
