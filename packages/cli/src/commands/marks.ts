/** `sallyport marks`: writes a release id into a copy, and reads the one that a copy carries. */

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { type MarkReading, readBlind } from '@sallyport/marks/blind'
import { embed } from '@sallyport/marks/embed'
import { openMarkKeys } from '@sallyport/marks/node/key-file'
import type { Pixels } from '@sallyport/marks/pixels'
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
  if (!/^[0-9a-f]{16}$/.test(code)) {
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

/** Reads the mark of a copy. Exit code 1 when there is none that can be read. */
export async function read(
  file: string,
  { key, json = false }: { readonly key: string; readonly json?: boolean },
): Promise<void> {
  const pixels = await pixelsOf(file)
  const { all } = await openMarkKeys(key, new Date())
  printReading(file, readBlind(pixels, all), json)
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
