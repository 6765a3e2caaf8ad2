/** Shapes of the vehicles: invented bodies with ordinary measures. Metres. */

export type BodyName = 'sedan' | 'hatchback' | 'suv' | 'pickup' | 'van' | 'truck'

export type Body = {
  readonly name: BodyName
  /** Half of the width at the bumpers and at the belt line below the windows. */
  readonly half: number
  readonly beltHalf: number
  readonly roofHalf: number
  readonly length: number
  /** Lower edge of the bumper. */
  readonly clearance: number
  /** Leading edge of the bonnet, foot of the windscreen and roof: heights. */
  readonly noseTop: number
  readonly cowlTop: number
  readonly roofTop: number
  /** Foot of the windscreen and front edge of the roof behind the nose. */
  readonly cowlBack: number
  readonly roofBack: number
  /** The same seen from behind: tail plane top, foot of the rear window, roof's rear edge. */
  readonly tailTop: number
  readonly tailCowlTop: number
  readonly tailCowlBack: number
  readonly tailRoofBack: number
  readonly wheel: number
  /** Middle of the plate above the ground, at the front and at the rear. */
  readonly plateFront: number
  readonly plateRear: number
  /** Half height of the headlights, their distance from the middle and their width. */
  readonly lamp: { readonly y: number; readonly tall: number; readonly inner: number }
}

export const bodies: Readonly<Record<BodyName, Body>> = {
  sedan: {
    name: 'sedan',
    half: 0.9,
    beltHalf: 0.83,
    roofHalf: 0.6,
    length: 4.6,
    clearance: 0.2,
    noseTop: 0.78,
    cowlTop: 0.97,
    roofTop: 1.43,
    cowlBack: 1.1,
    roofBack: 1.85,
    tailTop: 0.98,
    tailCowlTop: 1.03,
    tailCowlBack: 0.55,
    tailRoofBack: 1.35,
    wheel: 0.32,
    plateFront: 0.43,
    plateRear: 0.72,
    lamp: { y: 0.66, tall: 0.075, inner: 0.5 },
  },
  hatchback: {
    name: 'hatchback',
    half: 0.87,
    beltHalf: 0.81,
    roofHalf: 0.6,
    length: 4.0,
    clearance: 0.2,
    noseTop: 0.82,
    cowlTop: 1.0,
    roofTop: 1.48,
    cowlBack: 0.9,
    roofBack: 1.55,
    tailTop: 0.98,
    tailCowlTop: 0.99,
    tailCowlBack: 0.03,
    tailRoofBack: 0.42,
    wheel: 0.31,
    plateFront: 0.44,
    plateRear: 0.74,
    lamp: { y: 0.7, tall: 0.09, inner: 0.5 },
  },
  suv: {
    name: 'suv',
    half: 0.96,
    beltHalf: 0.9,
    roofHalf: 0.7,
    length: 4.7,
    clearance: 0.27,
    noseTop: 1.02,
    cowlTop: 1.18,
    roofTop: 1.74,
    cowlBack: 1.05,
    roofBack: 1.65,
    tailTop: 1.14,
    tailCowlTop: 1.15,
    tailCowlBack: 0.03,
    tailRoofBack: 0.35,
    wheel: 0.37,
    plateFront: 0.55,
    plateRear: 0.92,
    lamp: { y: 0.87, tall: 0.09, inner: 0.56 },
  },
  pickup: {
    name: 'pickup',
    half: 1.0,
    beltHalf: 0.93,
    roofHalf: 0.74,
    length: 5.5,
    clearance: 0.33,
    noseTop: 1.16,
    cowlTop: 1.27,
    roofTop: 1.86,
    cowlBack: 1.25,
    roofBack: 1.8,
    tailTop: 1.2,
    tailCowlTop: 1.22,
    tailCowlBack: 1.8,
    tailRoofBack: 2.0,
    wheel: 0.4,
    plateFront: 0.6,
    plateRear: 0.62,
    lamp: { y: 0.97, tall: 0.12, inner: 0.62 },
  },
  van: {
    name: 'van',
    half: 0.98,
    beltHalf: 0.95,
    roofHalf: 0.82,
    length: 5.3,
    clearance: 0.24,
    noseTop: 1.02,
    cowlTop: 1.22,
    roofTop: 2.15,
    cowlBack: 0.6,
    roofBack: 1.25,
    tailTop: 1.26,
    tailCowlTop: 1.27,
    tailCowlBack: 0.02,
    tailRoofBack: 0.1,
    wheel: 0.34,
    plateFront: 0.45,
    plateRear: 0.98,
    lamp: { y: 0.86, tall: 0.13, inner: 0.64 },
  },
  truck: {
    name: 'truck',
    half: 1.15,
    beltHalf: 1.13,
    roofHalf: 1.1,
    length: 7.5,
    clearance: 0.3,
    noseTop: 1.5,
    cowlTop: 1.55,
    roofTop: 2.75,
    cowlBack: 0.1,
    roofBack: 0.35,
    tailTop: 3.2,
    tailCowlTop: 3.2,
    tailCowlBack: 0.01,
    tailRoofBack: 0.02,
    wheel: 0.48,
    plateFront: 0.56,
    plateRear: 0.8,
    lamp: { y: 0.72, tall: 0.11, inner: 0.72 },
  },
}

/** Paints people buy, with how many buy them. */
export const bodyPaints: readonly { readonly weight: number; readonly value: string }[] = [
  { weight: 5, value: '#e9ebec' },
  { weight: 4, value: '#22252a' },
  { weight: 4, value: '#8b9096' },
  { weight: 3, value: '#565c64' },
  { weight: 3, value: '#23457c' },
  { weight: 2, value: '#a11f28' },
  { weight: 1, value: '#2f5d45' },
  { weight: 1, value: '#c8b894' },
  { weight: 1, value: '#c46a2b' },
  { weight: 1, value: '#5fa0bd' },
]
