/** Light and weather over the drawn lanes. */

import type { Light } from './paint.ts'

export const conditionNames = [
  'day',
  'overcast',
  'rain',
  'low_sun',
  'dusk',
  'night',
  'night_rain',
] as const
export type ConditionName = (typeof conditionNames)[number]

export type Condition = {
  readonly name: ConditionName
  /** Light on the lane and on what stands far away. */
  readonly light: Light
  readonly far: Light
  /** Sky from its top to the horizon. */
  readonly sky: readonly [string, string]
  /** What paint and glass mirror. */
  readonly mirror: string
  readonly lampsOn: boolean
  readonly wet: boolean
  readonly rain: number
  /** A low sun or lamp that shines into the lens, 0 to 1. */
  readonly glare: number
  /** How bright a plate's sheet shines compared with its surroundings. */
  readonly plateGain: number
  /** Standard deviation of the sensor's noise, 8-bit steps. */
  readonly noise: number
}

export const conditions: Readonly<Record<ConditionName, Condition>> = {
  day: {
    name: 'day',
    light: [1, 1, 0.98],
    far: [1, 1, 1],
    sky: ['#6fa4d8', '#d9e8f2'],
    mirror: '#cfe2f2',
    lampsOn: false,
    wet: false,
    rain: 0,
    glare: 0,
    plateGain: 1,
    noise: 1.6,
  },
  overcast: {
    name: 'overcast',
    light: [0.84, 0.86, 0.88],
    far: [0.9, 0.92, 0.94],
    sky: ['#aab4bd', '#dde1e4'],
    mirror: '#d8dde1',
    lampsOn: false,
    wet: false,
    rain: 0,
    glare: 0,
    plateGain: 1.02,
    noise: 2,
  },
  rain: {
    name: 'rain',
    light: [0.66, 0.69, 0.73],
    far: [0.72, 0.76, 0.8],
    sky: ['#7f8890', '#b5bbc0'],
    mirror: '#b4bcc3',
    lampsOn: true,
    wet: true,
    rain: 1,
    glare: 0,
    plateGain: 1.08,
    noise: 2.6,
  },
  low_sun: {
    name: 'low_sun',
    light: [1.04, 0.93, 0.78],
    far: [1.05, 0.9, 0.76],
    sky: ['#86a3c8', '#ffe2b0'],
    mirror: '#ffe6c0',
    lampsOn: false,
    wet: false,
    rain: 0,
    glare: 0.75,
    plateGain: 1,
    noise: 2,
  },
  dusk: {
    name: 'dusk',
    light: [0.62, 0.58, 0.62],
    far: [0.5, 0.47, 0.55],
    sky: ['#3d4a70', '#d99b86'],
    mirror: '#b48f96',
    lampsOn: true,
    wet: false,
    rain: 0,
    glare: 0,
    plateGain: 1.25,
    noise: 3,
  },
  night: {
    name: 'night',
    light: [0.47, 0.44, 0.4],
    far: [0.13, 0.15, 0.2],
    sky: ['#070b15', '#1a2233'],
    mirror: '#5d6066',
    lampsOn: true,
    wet: false,
    rain: 0,
    glare: 0,
    plateGain: 1.95,
    noise: 4.2,
  },
  night_rain: {
    name: 'night_rain',
    light: [0.4, 0.39, 0.38],
    far: [0.11, 0.13, 0.17],
    sky: ['#080b12', '#171d28'],
    mirror: '#565b62',
    lampsOn: true,
    wet: true,
    rain: 0.9,
    glare: 0.2,
    plateGain: 2.1,
    noise: 4.6,
  },
}
