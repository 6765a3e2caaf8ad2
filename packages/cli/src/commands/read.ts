/** `sallyport read`: plates in pictures. */

import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

import { isReported, type Look } from '@sallyport/core/plate'
import { openAlprAnswer, plateRecognizerAnswer } from '@sallyport/core/reader-formats'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { isPictureName, pictureExtensions } from '@sallyport/vision/picture-files'
import { openPlateReader } from '@sallyport/vision/plate-reader'
import { votePlate } from '@sallyport/vision/vote'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = { readonly json?: boolean; readonly format?: string }

/** Reads every picture; exit code 1 when a picture could not be taken or nothing was there to read. */
export async function read(
  paths: readonly string[],
  { json = false, format }: Options,
): Promise<void> {
  if (format !== undefined && format !== 'openalpr' && format !== 'platerecognizer') {
    throw new CommandFailure(
      `Unknown format "${format}". Known: openalpr, platerecognizer.`,
      exitCodes.wrongUse,
    )
  }
  const files = (await Promise.all(paths.map(picturesAt))).flat()
  if (files.length === 0) {
    throw new CommandFailure(
      `No pictures in ${paths.join(', ')}. Pictures end in ${pictureExtensions.join(' ')}.`,
      exitCodes.no,
    )
  }
  const reader = await openPlateReader()
  const progress = progressLine()
  let refused = 0
  for (const [index, file] of files.entries()) {
    if (files.length > 1 && (json || index > 0)) progress.show(`${index + 1} of ${files.length}`)
    const started = performance.now()
    const decoded = await decodePicture(await readFile(file))
    if (decoded.kind === 'refused') {
      refused += 1
      progress.end()
      if (json) jsonLine({ file, error: { code: decoded.code, detail: decoded.detail } })
      else note(`${file}: ${decoded.detail}`)
      continue
    }
    const looks = (await reader.look(decoded.picture)).filter(isReported)
    const ms = Math.round((performance.now() - started) * 10) / 10
    progress.end()
    printLooks(file, decoded.picture, looks, ms, json, format)
  }
  await reader.close()
  if (refused > 0) process.exitCode = exitCodes.no
}

function printLooks(
  file: string,
  picture: Picture,
  looks: readonly Look[],
  ms: number,
  json: boolean,
  format: string | undefined,
): void {
  const answer = { file, picture, looks, ms, now: new Date() }
  if (format === 'openalpr') return jsonLine(openAlprAnswer(answer))
  if (format === 'platerecognizer') return jsonLine(plateRecognizerAnswer(answer))
  const plates = looks.filter((look) => look.text !== '')
  if (json) return jsonLine({ file, plates: plates.map(plateJson), ms })
  if (plates.length === 0) return console.log(`${file}: no plate (${ms} ms)`)
  console.log(`${file}: ${plates.map(plateWords).join(' · ')} (${ms} ms)`)
}

/** One plate for people. What is only a guess says so, with what it may be instead. */
export function plateWords(look: Look): string {
  const where = look.jurisdiction === null ? '' : ` ${look.jurisdiction.code}`
  const said = `${look.text}${where} ${Math.round(look.confidence * 100)} %`
  if (votePlate([look]).kind === 'read') return said
  const others = look.alternatives.slice(0, 2).map(({ text }) => text)
  return `${said} UNSURE, read by eye${others.length === 0 ? '' : ` (or ${others.join(', ')})`}`
}

function plateJson(look: Look) {
  const round = (value: number) => Math.round(value * 10) / 10
  const { x, y, width, height } = look.box
  return {
    text: look.text,
    confidence: look.confidence,
    jurisdiction: look.jurisdiction,
    box: { x: round(x), y: round(y), width: round(width), height: round(height) },
    corners: look.corners.map((corner) => ({ x: round(corner.x), y: round(corner.y) })),
    alternatives: look.alternatives,
  }
}

async function picturesAt(place: string): Promise<readonly string[]> {
  const found = await stat(place).catch(() => null)
  if (found === null) throw new CommandFailure(`${place} is not there.`, exitCodes.wrongUse)
  if (!found.isDirectory()) return [place]
  return (await readdir(place))
    .filter(isPictureName)
    .sort()
    .map((name) => path.join(place, name))
}
