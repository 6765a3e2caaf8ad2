/** Plates of invented jurisdictions: their sizes follow real ones, their designs and names do not. */

import type { Lettering } from './glyphs.ts'
import { type Random, pick } from './random.ts'

export type Emblem = 'hills' | 'sun' | 'pine' | 'waves' | 'star' | 'none'

export type PlateDesign = {
  readonly name: string
  /** The coarse jurisdiction a reader should tell. */
  readonly jurisdiction: 'US' | 'CA' | 'MX' | 'EU' | 'BR'
  /** Millimetres. */
  readonly size: readonly [width: number, height: number]
  /** Colours of the sheet from top to bottom. */
  readonly sheet: readonly [string, string]
  readonly ink: string
  /** A coloured band: along the top, or down the left side with a country letter. */
  readonly band: {
    readonly side: 'top' | 'left'
    readonly colour: string
    readonly size: number
  } | null
  readonly heading: string
  readonly headingInk: string
  readonly slogan: string
  readonly emblem: Emblem
  /** Letters `A`, digits `9`, everything else as it stands; one is drawn at random. */
  readonly formats: readonly string[]
  readonly lettering: Lettering
  /** Top of the characters, millimetres from the plate's top. */
  readonly top: number
}

const american = { height: 62, pen: 11, aspect: 0.4, gap: 0.1 } as const
const european = { height: 66, pen: 11, aspect: 0.5, gap: 0.12 } as const

export const plateDesigns: readonly PlateDesign[] = [
  {
    name: 'CEDARIA',
    jurisdiction: 'US',
    size: [305, 152],
    sheet: ['#f7f8f4', '#dfe8e4'],
    ink: '#12306b',
    band: null,
    heading: 'CEDARIA',
    headingInk: '#a3222c',
    slogan: 'LAND OF TALL TREES',
    emblem: 'pine',
    formats: ['AAA 9999', 'AAA 999'],
    lettering: american,
    top: 46,
  },
  {
    name: 'WESTMARK',
    jurisdiction: 'US',
    size: [305, 152],
    sheet: ['#fbfaf3', '#f5f1de'],
    ink: '#17233f',
    band: null,
    heading: 'WESTMARK',
    headingInk: '#1b4fa0',
    slogan: '',
    emblem: 'none',
    formats: ['9AAA999'],
    lettering: { height: 66, pen: 10.5, aspect: 0.39, gap: 0.1 },
    top: 47,
  },
  {
    name: 'LAKEMONT',
    jurisdiction: 'US',
    size: [305, 152],
    sheet: ['#cfe6f5', '#fafcfb'],
    ink: '#0d2c3d',
    band: { side: 'top', colour: '#1d5f93', size: 26 },
    heading: 'LAKEMONT',
    headingInk: '#ffffff',
    slogan: 'CLEAR WATERS',
    emblem: 'waves',
    formats: ['AAA-9999', '999-AAA'],
    lettering: american,
    top: 45,
  },
  {
    name: 'SIERRANA',
    jurisdiction: 'US',
    size: [305, 152],
    sheet: ['#f6d9a3', '#fdf3dc'],
    ink: '#5b1417',
    band: null,
    heading: 'SIERRANA',
    headingInk: '#8a2a1c',
    slogan: 'SUN STATE',
    emblem: 'sun',
    formats: ['AA9 9999', 'AAA 999'],
    lettering: { height: 60, pen: 10.5, aspect: 0.42, gap: 0.1 },
    top: 47,
  },
  {
    name: 'NORTHMOOR',
    jurisdiction: 'US',
    size: [305, 152],
    sheet: ['#eef1f4', '#eef1f4'],
    ink: '#1f3f2a',
    band: null,
    heading: 'NORTHMOOR',
    headingInk: '#1f3f2a',
    slogan: 'GREEN HILLS',
    emblem: 'hills',
    formats: ['AAA 999', '999 AAA'],
    lettering: { height: 62, pen: 12, aspect: 0.42, gap: 0.1 },
    top: 44,
  },
  {
    name: 'NEW BAILIWICK',
    jurisdiction: 'CA',
    size: [305, 152],
    sheet: ['#ffffff', '#f3f6f8'],
    ink: '#1c3f87',
    band: null,
    heading: 'NEW BAILIWICK',
    headingInk: '#1c3f87',
    slogan: 'A CALM SHORE',
    emblem: 'star',
    formats: ['AAAA 999', 'AA9 99A'],
    lettering: { height: 62, pen: 10, aspect: 0.42, gap: 0.1 },
    top: 45,
  },
  {
    name: 'VALLE ROJO',
    jurisdiction: 'MX',
    size: [305, 152],
    sheet: ['#fdfdfb', '#f1efe9'],
    ink: '#1d1d1f',
    band: { side: 'top', colour: '#8c1c3a', size: 24 },
    heading: 'VALLE ROJO',
    headingInk: '#f7ecd9',
    slogan: 'FRENTE',
    emblem: 'none',
    formats: ['AAA-999-A', 'AA-9999-A'],
    lettering: { height: 56, pen: 9.5, aspect: 0.38, gap: 0.09 },
    top: 46,
  },
  {
    name: 'EU X',
    jurisdiction: 'EU',
    size: [520, 110],
    sheet: ['#fdfdfa', '#f4f4ef'],
    ink: '#141416',
    band: { side: 'left', colour: '#1c3f9c', size: 42 },
    heading: 'X',
    headingInk: '#ffffff',
    slogan: '',
    emblem: 'none',
    formats: ['AA-999-AA', 'AA 999 AA'],
    lettering: european,
    top: 22,
  },
  {
    name: 'EU YZ',
    jurisdiction: 'EU',
    size: [520, 110],
    sheet: ['#fdfdfa', '#f4f4ef'],
    ink: '#101012',
    band: { side: 'left', colour: '#1c3f9c', size: 42 },
    heading: 'YZ',
    headingInk: '#ffffff',
    slogan: '',
    emblem: 'none',
    formats: ['9A9 9999', '9AA 9999', 'AA 9999'],
    lettering: { height: 68, pen: 10, aspect: 0.47, gap: 0.13 },
    top: 21,
  },
  {
    name: 'EU W',
    jurisdiction: 'EU',
    size: [520, 110],
    sheet: ['#f6c934', '#efbd22'],
    ink: '#17140a',
    band: { side: 'left', colour: '#1c3f9c', size: 42 },
    heading: 'W',
    headingInk: '#ffffff',
    slogan: '',
    emblem: 'none',
    formats: ['99-AAA-9', 'AA-99-AA'],
    lettering: { height: 66, pen: 10.5, aspect: 0.52, gap: 0.12 },
    top: 22,
  },
  {
    name: 'MERCOR',
    jurisdiction: 'BR',
    size: [400, 130],
    sheet: ['#fbfbfb', '#f0f1f2'],
    ink: '#131315',
    band: { side: 'top', colour: '#1b3c8f', size: 28 },
    heading: 'MERCOR',
    headingInk: '#ffffff',
    slogan: '',
    emblem: 'none',
    formats: ['AAA9A99'],
    lettering: { height: 66, pen: 10, aspect: 0.46, gap: 0.13 },
    top: 45,
  },
  {
    name: 'PORTO ALTO',
    jurisdiction: 'BR',
    size: [400, 130],
    sheet: ['#c3c7ca', '#b4b8bb'],
    ink: '#1a1b1d',
    band: null,
    heading: 'PORTO ALTO',
    headingInk: '#26282b',
    slogan: '',
    emblem: 'none',
    formats: ['AAA-9999'],
    lettering: { height: 62, pen: 11, aspect: 0.46, gap: 0.12 },
    top: 46,
  },
]

/** Letters that plates carry; I, O and Q are rare on purpose, as on real ones. */
const letters = 'ABCDEFGHJKLMNPRSTUVWXYZABCDEFGHJKLMNPRSTUVWXYZIOQ'

/** A text as it is painted on a plate of this design, separators included. */
export function drawText(random: Random, design: PlateDesign): string {
  return pick(random, design.formats)
    .replace(/A/g, () => pick(random, Array.from(letters)))
    .replace(/9/g, () => String(Math.floor(random() * 10)))
}
