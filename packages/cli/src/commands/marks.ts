/** `sallyport marks`: writes a release id into a copy, and reads the one that a copy carries. */

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { readBlind } from '@sallyport/marks/blind'
import { embed } from '@sallyport/marks/embed'
import { compare, readInformed, suspects } from '@sallyport/marks/informed'
import { limits } from '@sallyport/marks/limits'
import type { MarkReading } from '@sallyport/marks/mark-reading'
import { openMarkKeys } from '@sallyport/marks/node/key-file'
import type { Pixels } from '@sallyport/marks/pixels'
import { isCode } from '@sallyport/marks/secret'
import { rawImage } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note } from '../terminal.ts'

type WriteOptions = {
  readonly code: string
  readonly output: string
  readonly key: string
  readonly json?: boolean
}

/** Marks a copy. Exit code 1 when the picture cannot carry a mark or carries one already. */
export async function write(file: string, options: WriteOptions): Promise<void> {
  const { output, json = false } = options
  const code = options.code.toLowerCase()
  if (!isCode(code)) {
    throw new CommandFailure(
      `'${options.code}' is no release id: 16 hexadecimal digits are.`,
      exitCodes.wrongUse,
    )
  }
  const encode = encoderOf(output)
  const pixels = await pixelsOf(file)
  const keys = await openMarkKeys(options.key, new Date())
  const before = readBlind(pixels, keys.all)
  if (before.code !== null) {
    throw new CommandFailure(
      `${file} carries the mark ${before.code} already: two marks in one copy name nobody surely. Mark the original.`,
      exitCodes.no,
    )
  }
  const marked = embed(pixels, code, keys.current)
  if (marked.kind === 'refused') throw new CommandFailure(`${file}: ${marked.detail}`, exitCodes.no)
  await writeFile(output, await encode(marked.pixels))
  const { psnr, carries } = marked
  if (json) return jsonLine({ file: output, code, epoch: keys.current.epoch, psnr, carries })
  const how = carries === 'blind' ? 'with the key alone' : 'beside the original'
  console.log(`${output}: ${code}, ${psnr.toFixed(1)} dB, to be read ${how}`)
}

type ReadOptions = {
  readonly key: string
  readonly original?: string
  readonly among?: string
  readonly json?: boolean
}

/** Reads the mark of a copy. Exit code 1 when there is none that can be read, or nobody is named. */
export async function read(
  file: string,
  { key, original, among, json = false }: ReadOptions,
): Promise<void> {
  const pixels = await pixelsOf(file)
  const { all } = await openMarkKeys(key, new Date())
  if (original === undefined && among === undefined) {
    return printReading(file, readBlind(pixels, all), json)
  }
  if (original === undefined) {
    throw new CommandFailure(
      '--among compares fingerprints beside the original: name it with --original.',
      exitCodes.wrongUse,
    )
  }
  const whole = await pixelsOf(original)
  if (among === undefined) return printReading(file, readInformed(pixels, whole, all), json)
  const codes = await codesOf(among)
  const comparison = compare(pixels, whole)
  const found = comparison.kind === 'unlike' ? [] : suspects(comparison.field, codes, all)
  if (!found.some(({ named }) => named)) process.exitCode = exitCodes.no
  for (const { code, score, falsePositiveBound, named } of found) {
    if (json) jsonLine({ file, code, score, false_positive_bound: falsePositiveBound, named })
    else if (named) console.log(`${file}: ${code} went into it (${score.toFixed(1)} deviations)`)
  }
  if (!json && process.exitCode === exitCodes.no) console.log(`${file}: none of ${codes.length}`)
}

async function codesOf(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).split(/\s+/).filter((line) => line !== '')
  const wrong = lines.find((line) => !isCode(line))
  if (wrong === undefined && lines.length <= limits.suspectsMax) return [...new Set(lines)]
  throw new CommandFailure(
    wrong === undefined
      ? `${file} names more than ${limits.suspectsMax} release ids.`
      : `${file}: '${wrong.slice(0, 40)}' is no release id: 16 hexadecimal digits a line are.`,
    exitCodes.wrongUse,
  )
}

function printReading(file: string, reading: MarkReading, json: boolean): void {
  const { code, epoch, score, falsePositiveBound } = reading
  if (code === null) process.exitCode = exitCodes.no
  if (json) return jsonLine({ file, code, epoch, score, false_positive_bound: falsePositiveBound })
  if (code === null) return console.log(`${file}: no mark that can be read`)
  console.log(
    `${file}: ${code} (keys of ${epoch}; by chance at most once in ${(1 / falsePositiveBound).toExponential(0)})`,
  )
}

async function pixelsOf(file: string): Promise<Pixels> {
  const bytes = await readFile(file).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(`${file} cannot be read (${reason}).`, exitCodes.no)
  })
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') {
    note(`code: ${decoded.code}`)
    throw new CommandFailure(`${file}: ${decoded.detail}`, exitCodes.no)
  }
  return { ...decoded.picture, channels: 3 }
}

function encoderOf(output: string): (pixels: Pixels) => Promise<Uint8Array> {
  const extension = path.extname(output).toLowerCase()
  if (extension === '.png') return (pixels) => rawImage(pixels).png().toBuffer()
  if (extension === '.jpg' || extension === '.jpeg')
    return (pixels) => rawImage(pixels).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
  throw new CommandFailure(
    `The copy is written as PNG or JPEG: end ${output} in .png or .jpg.`,
    exitCodes.wrongUse,
  )
}
