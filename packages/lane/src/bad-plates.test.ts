/** Plates that ask for a mistake, drawn here: whatever is read of them, nothing wrong is said to be sure. */

import { foldPlateText, isReported } from '@sallyport/core/plate'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'
import { votePlate } from '@sallyport/vision/vote'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'

let reader: PlateReader

beforeAll(async () => {
  reader = await openPlateReader()
})
afterAll(() => reader.close())

type Drawn = {
  /** Lines of characters, the first above. */
  readonly lines: readonly string[]
  readonly width?: number
  readonly height?: number
  readonly base?: string
  readonly ink?: string
  /** Stacked small letters before the number. */
  readonly stacked?: string
  readonly name?: string
  /** SVG transformation of the plate about its middle. */
  readonly turned?: string
  /** Middle of the plate in the picture, 640 × 384. */
  readonly x?: number
  readonly y?: number
}

/** The rear of a vehicle with one plate, in daylight. */
async function draw({
  lines,
  width = 150,
  height = 75,
  base = '#f4f4f0',
  ink = '#1c2a5c',
  stacked = '',
  name = '',
  turned = '',
  x = 320,
  y = 230,
}: Drawn): Promise<Picture> {
  const size = (height * (name === '' ? 0.62 : 0.52)) / lines.length + (lines.length > 1 ? 4 : 0)
  const left = stacked === '' ? 0 : width * 0.06
  const texts = lines.map((line, at) => {
    const middle = (at - (lines.length - 1) / 2) * size * 1.12 + (name === '' ? 0 : height * 0.06)
    // Bold DejaVu is about 0.72 wide for 1 high; the renderer has no textLength.
    const narrow = Math.min(1, (width * 0.88 - 2 * left) / (line.length * size * 0.72))
    return `<g transform="translate(${left} ${middle}) scale(${narrow} 1)"><text font-size="${size}" dominant-baseline="central">${line}</text></g>`
  })
  const small = Array.from(stacked, (letter, at) => {
    const place = (at - (stacked.length - 1) / 2) * size * 0.42
    return `<text x="${-width * 0.43}" y="${place}" font-size="${size * 0.4}" dominant-baseline="central">${letter}</text>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="384">
    <rect width="640" height="384" fill="#8d9196"/>
    <rect x="120" y="60" width="400" height="250" rx="30" fill="#34506b"/>
    <rect x="160" y="75" width="320" height="90" rx="20" fill="#1d242b"/>
    <rect x="120" y="270" width="400" height="45" rx="10" fill="#23282d"/>
    <rect x="130" y="190" width="50" height="40" fill="#a3262a"/><rect x="460" y="190" width="50" height="40" fill="#a3262a"/>
    <g transform="translate(${x} ${y}) ${turned}" font-family="DejaVu Sans, sans-serif" font-weight="bold" text-anchor="middle" fill="${ink}">
      <rect x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}" rx="5" fill="${base}" stroke="${ink}" stroke-width="1.5"/>
      <text y="${-height * 0.36}" font-size="${height * 0.16}" dominant-baseline="central">${name}</text>
      ${texts.join('')}${small.join('')}
    </g></svg>`
  const jpeg = await sharp(Buffer.from(svg)).blur(0.6).flatten().jpeg({ quality: 85 }).toBuffer()
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  return decoded.picture
}

test('a plain plate is read: what follows is not for want of a plate', async () => {
  const looks = await reader.look(await draw({ lines: ['HKR4732'] }))
  expect(looks[0]?.text).toBe('HKR4732')
})

test.each<[string, Drawn, readonly string[]]>([
  ['upside down', { lines: ['HKR4732'], turned: 'rotate(180)' }, ['HKR4732']],
  ['mirrored', { lines: ['HKR4732'], turned: 'scale(-1 1)' }, ['HKR4732']],
  ['cut by the left edge', { lines: ['HKR4732'], x: 10 }, ['HKR4732']],
  ['cut by the lower edge', { lines: ['HKR4732'], y: 384 }, ['HKR4732']],
  ['of two lines', { lines: ['HKR', '4732'], width: 120, height: 100 }, ['HKR4732']],
  ['of a motorcycle', { lines: ['4K', '7732'], width: 80, height: 62 }, ['4K7732']],
  ['of a taxi', { lines: ['T64821C'], name: 'TAXI', base: '#f2c200', ink: '#151515' }, ['T64821C']],
  [
    'of a tribe, with stacked letters',
    { lines: ['0473'], stacked: 'CNT', name: 'CHOCTAW NATION' },
    ['0473', 'CNT0473'],
  ],
  ['empty', { lines: [''] }, []],
])('a plate %s: read rightly or left to a person', async (_name, drawn, right) => {
  const looks = await reader.look(await draw(drawn))
  const vote = votePlate(looks.filter(isReported).slice(0, 1))
  if (vote.kind === 'read') expect(right.map(foldPlateText)).toContain(foldPlateText(vote.text))
  const track = votePlate(looks, { looksMin: 2 })
  expect(track.kind).not.toBe('read')
})
