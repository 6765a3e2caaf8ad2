import { crc32, deflateSync } from 'node:zlib'

import * as fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'

import { limits } from './limits.ts'
import { type DecodedPicture, decodePicture, type Picture } from './picture.ts'

const width = 96
const height = 64

/** Red at the top left, green at the top right, blue below, with texture so that JPEG has data. */
function pattern(): Buffer {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const texture = ((x * 7 + y * 13) % 32) - 16
      const colour = y >= height / 2 ? [10, 10, 220] : x < width / 2 ? [220, 10, 10] : [10, 220, 10]
      data.set(
        colour.map((value) => Math.max(0, Math.min(255, value + texture))),
        (y * width + x) * 3,
      )
    }
  }
  return data
}

const drawn = () => sharp(pattern(), { raw: { width, height, channels: 3 } })

async function picture(bytes: Uint8Array): Promise<Picture> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') throw new Error(`${decoded.code}: ${decoded.detail}`)
  const { data, width: wide, height: high } = decoded.picture
  expect(data.length).toBe(wide * high * 3)
  return decoded.picture
}

function codeOf(decoded: DecodedPicture): string {
  return decoded.kind === 'refused' ? decoded.code : 'taken'
}

/** The strongest channel in the middle of a part of the picture. */
function colourAt({ width: wide, height: high, data }: Picture, x: number, y: number): string {
  const at = (Math.floor(y * high) * wide + Math.floor(x * wide)) * 3
  const pixel = [...data.subarray(at, at + 3)]
  return ['red', 'green', 'blue'][pixel.indexOf(Math.max(...pixel))] ?? ''
}

describe('pictures that are taken come out as packed upright RGB', () => {
  test.each<[string, () => Promise<Buffer>]>([
    ['JPEG', () => drawn().jpeg().toBuffer()],
    ['progressive JPEG', () => drawn().jpeg({ progressive: true }).toBuffer()],
    ['PNG', () => drawn().png().toBuffer()],
    ['PNG with a palette', () => drawn().png({ palette: true }).toBuffer()],
    ['16-bit PNG', () => drawn().toColourspace('rgb16').png().toBuffer()],
    ['WebP', () => drawn().webp().toBuffer()],
    ['TIFF', () => drawn().tiff().toBuffer()],
    ['AVIF', () => drawn().avif().toBuffer()],
    ['a GIF of one frame', () => drawn().gif().toBuffer()],
    ['CMYK JPEG', () => drawn().toColourspace('cmyk').jpeg().toBuffer()],
  ])('%s', async (_name, make) => {
    const taken = await picture(await make())
    expect([taken.width, taken.height]).toEqual([width, height])
    expect([
      colourAt(taken, 0.25, 0.25),
      colourAt(taken, 0.75, 0.25),
      colourAt(taken, 0.5, 0.75),
    ]).toEqual(['red', 'green', 'blue'])
  })

  test('a camera that was mounted on its side: EXIF turns the picture upright', async () => {
    // Orientation 6: what was stored must be turned clockwise by 90 degrees.
    const turned = await picture(await drawn().withMetadata({ orientation: 6 }).jpeg().toBuffer())
    expect([turned.width, turned.height]).toEqual([height, width])
    expect(colourAt(turned, 0.25, 0.5)).toBe('blue')
    expect(colourAt(turned, 0.75, 0.25)).toBe('red')
    expect(colourAt(turned, 0.75, 0.75)).toBe('green')
  })

  test.each<[string, () => Promise<Buffer>]>([
    ['grey JPEG', () => drawn().greyscale().jpeg().toBuffer()],
    ['grey PNG with alpha', () => drawn().greyscale().ensureAlpha().png().toBuffer()],
    ['16-bit grey PNG', () => drawn().toColourspace('grey16').png().toBuffer()],
  ])('%s becomes three equal channels', async (_name, make) => {
    const { data } = await picture(await make())
    const coloured = data.findIndex((value, at) => value !== data[at - (at % 3)])
    expect(coloured).toBe(-1)
  })

  test('what is transparent is black, whatever colour hides there', async () => {
    const hidden = await sharp({
      create: {
        width: 32,
        height: 32,
        channels: 4,
        background: { r: 255, g: 255, b: 255, alpha: 0 },
      },
    })
      .png()
      .toBuffer()
    expect(Math.max(...(await picture(hidden)).data)).toBe(0)
  })
})

describe('what is no still picture of a sensible size is refused with its reason', () => {
  test.each([0.05, 0.3, 0.5, 0.7, 0.9, 0.98])(
    'a JPEG cut off at %d of its length',
    async (share) => {
      const whole = await drawn().jpeg().toBuffer()
      const cut = whole.subarray(0, Math.floor(whole.length * share))
      expect(['truncated_picture', 'not_a_picture']).toContain(codeOf(await decodePicture(cut)))
    },
  )

  test('a PNG whose last rows are missing', async () => {
    const whole = await drawn().png().toBuffer()
    expect(codeOf(await decodePicture(whole.subarray(0, whole.length * 0.6)))).toBe(
      'truncated_picture',
    )
  })

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'not_a_picture'],
    ['text', Buffer.from('this is not a picture '.repeat(50)), 'not_a_picture'],
    ['zeros', new Uint8Array(5000), 'not_a_picture'],
    ['a JPEG marker and nothing else', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'not_a_picture'],
    ['too many bytes', new Uint8Array(limits.pictureBytesMax + 1), 'too_many_bytes'],
    [
      'an SVG, which could name files of this machine',
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><image href="file:///etc/passwd"/></svg>',
      ),
      'unsupported_picture',
    ],
  ])('%s', async (_name, bytes, code) => {
    expect(codeOf(await decodePicture(bytes))).toBe(code)
  })

  test.each(['gif', 'webp'] as const)('an animated %s', async (format) => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 32, height: 32, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const animated = await sharp(frames, { join: { animated: true } })
      [format]()
      .toBuffer()
    expect(codeOf(await decodePicture(animated))).toBe('animated_picture')
  })

  test.each([
    [8, 400],
    [400, 8],
  ])('%d × %d pixels: too small to show a plate', async (wide, high) => {
    const bytes = await sharp({
      create: { width: wide, height: high, channels: 3, background: 'red' },
    })
      .png()
      .toBuffer()
    expect(codeOf(await decodePicture(bytes))).toBe('unsupported_picture')
  })

  test('a bomb: 400 million pixels in 50 kilobytes are refused by their header', async () => {
    const bomb = onePixelValuePng(20_000, 20_000)
    expect(bomb.length).toBeLessThan(100_000)
    // It is a real picture, which would decode to more than a gigabyte.
    expect((await sharp(bomb, { limitInputPixels: false }).metadata()).width).toBe(20_000)
    const before = process.memoryUsage().rss
    expect(codeOf(await decodePicture(bomb))).toBe('too_many_pixels')
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  test('a picture that is within the pixels but too long on one side', async () => {
    expect(codeOf(await decodePicture(onePixelValuePng(limits.pictureSideMax + 1, 100)))).toBe(
      'too_many_pixels',
    )
  })
})

test('no bytes whatever make the decoder throw, or give a picture of another size than it says', async () => {
  const good = await drawn().jpeg().toBuffer()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(good.length),
      async (changes, length) => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[at] = value
        const decoded = await decodePicture(bytes.subarray(0, length))
        if (decoded.kind === 'refused') return decoded.detail.length > 0
        const { width: wide, height: high, data } = decoded.picture
        return data.length === wide * high * 3
      },
    ),
    { numRuns: 60 },
  )
})

/** A black-and-white PNG whose every pixel is black: any size in few bytes. */
function onePixelValuePng(wide: number, high: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(wide, 0)
  header.writeUInt32BE(high, 4)
  // One bit a pixel, grey, no interlace.
  header.set([1, 0, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc((Math.ceil(wide / 8) + 1) * high), { level: 6 })
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
