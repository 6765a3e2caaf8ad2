/**
 * What is said of a file that was found outside: whose picture it is, on what evidence, and how likely that is wrong.
 * A near hash or a plate makes a candidate, never a finding: cameras that do not move make frames of
 * different cars that no hash tells apart.
 */

export const findingVerdicts = ['ours', 'not_ours', 'unsure'] as const
export type FindingVerdict = (typeof findingVerdicts)[number]

/** `same_subject`: the same vehicle or person, but perhaps another picture of it. */
export const findingLevels = ['this_picture', 'same_subject', 'look_alike'] as const
export type FindingLevel = (typeof findingLevels)[number]

/** A copy as it left: of an opening or in a release. */
export type Copy =
  | { readonly kind: 'opening'; readonly opening: string }
  | { readonly kind: 'release'; readonly release: string }

/** Whose gallery or entry a stored photograph stands in. `name` is the gallery's. */
export type PhotographOf =
  | { readonly kind: 'gallery'; readonly gallery: string; readonly name: string }
  | { readonly kind: 'sought' }

export type Evidence =
  /** The file is, byte for byte, what was sent. */
  | { readonly kind: 'exact_bytes'; readonly capture: string; readonly copy: Copy }
  /** It carries the mark of a copy; `falsePositiveBound` counts all that was tried. */
  | {
      readonly kind: 'mark'
      readonly way: 'blind' | 'informed'
      readonly capture: string
      readonly copy: Copy
      readonly falsePositiveBound: number
    }
  /** It was laid over a stored picture, and the box that tells it from others was compared. */
  | {
      readonly kind: 'laid_over'
      readonly capture: string
      /** What the box holds. */
      readonly subject: 'plate' | 'face'
      /** Corners that agree; null for a bare crop, whose place is known from its box alone. */
      readonly corners: number | null
      /** Correlation of the box, and of what is finer than strokes in it; null when it is not seen. */
      readonly box: number | null
      readonly grain: number | null
      readonly frame: number | null
      /** Correlation of what stands around the box; null where too little of it is in both. */
      readonly around: number | null
      /** The found picture shows nothing around the box that could be compared. */
      readonly bare: boolean
    }
  | { readonly kind: 'near_hash'; readonly capture: string; readonly distance: number }
  | { readonly kind: 'plate'; readonly capture: string; readonly differing: 0 | 1 }
  /** A stored face is as alike as pictures of one person are; `sure` where strangers hardly ever are. */
  | { readonly kind: 'face'; readonly capture: string; readonly sure: boolean }
  /** `capture` is no crossing's: it is the photograph of somebody expected or looked for, which their document's issuer may hold, too. */
  | { readonly kind: 'photograph'; readonly capture: string; readonly of: PhotographOf }
  /** A planted record that nobody has but the recipient of that release. */
  | {
      readonly kind: 'canary'
      readonly canary: string
      readonly release: string
      readonly by: 'bytes' | 'mark' | 'hash' | 'plate'
    }
  /** The stored picture is shredded: it cannot be laid over any more. */
  | { readonly kind: 'shredded'; readonly capture: string }
  | { readonly kind: 'not_compared'; readonly reason: string }

export type Finding = {
  readonly verdict: FindingVerdict
  readonly level: FindingLevel | null
  readonly capture: string | null
  readonly copy: Copy | null
  /** That the verdict is wrong, at most; null where nothing was measured that could say. */
  readonly errorProbability: number | null
  readonly evidence: readonly Evidence[]
}

/** When a picture that was laid over a stored one is that picture. */
export const findingCuts = {
  /** Corners that agree, at least (research on registrations: strangers of one camera reach hundreds, so they never suffice). */
  cornersMin: 20,
  /** Strangers of the same camera reach 0.40, a plate that was swapped within one frame 0.85. */
  boxMin: 0.9,
  /** Below this the box shows something else. */
  boxDoubtMin: 0.6,
  /** Finer than strokes: another picture of the same plate stays below. */
  grainMin: 0.75,
  /**
   * What stands around a plate: of another picture of the same vehicle it lies elsewhere, however well the plate agrees
   * (docs/performance.md, "Leak search": frames of a dash camera that follow one another).
   */
  aroundMin: 0.75,
  /**
   * Of faces corners prove nothing: what stands behind a person stands there for the next one, too. Their
   * grain always has to agree (docs/performance.md: people who were drawn, and the same ones a moment later).
   */
  faceGrainMin: 0.8,
  /**
   * Pairs of a stored picture and a stranger's that were measured, none of which passed
   * (docs/performance.md, "Leak search"). By the rule of three the chance of one pair is at most 3 in so many (95 %).
   */
  strangersMeasured: { plate: 72, face: 26 },
} as const

/** Decides on everything that was found out about one file. `compared` pictures were laid under it. */
export function findingOf(evidence: readonly Evidence[], compared: number): Finding {
  const sure = evidence.filter(
    (one) => one.kind === 'exact_bytes' || one.kind === 'mark' || one.kind === 'canary',
  )
  const best = surest(sure)
  if (best !== null) return named(best, evidence)
  const allLaid = evidence
    .filter((one) => one.kind === 'laid_over')
    .toSorted((a, b) => (b.box ?? -1) - (a.box ?? -1))
  // Another picture of the same vehicle or person may agree better in the box alone.
  const laid = allLaid.find(isThisPicture) ?? allLaid[0]
  if (laid !== undefined) {
    const seen = laid.box ?? -1
    const found = { capture: laid.capture, copy: null, evidence }
    if (isThisPicture(laid)) {
      const errorProbability = Math.min(
        1,
        (3 / findingCuts.strangersMeasured[laid.subject]) * compared,
      )
      return { verdict: 'ours', level: 'this_picture', errorProbability, ...found }
    }
    // The box agrees, but its grain or what stands around it does not: the same plate in another picture, or a poor copy.
    if (seen >= findingCuts.boxMin)
      return { verdict: 'unsure', level: 'same_subject', errorProbability: null, ...found }
    if (seen >= findingCuts.boxDoubtMin)
      return { verdict: 'unsure', level: 'look_alike', errorProbability: null, ...found }
  }
  const same = evidence.find(
    (one) => (one.kind === 'plate' && one.differing === 0) || (one.kind === 'face' && one.sure),
  )
  const gone = evidence.find((one) => one.kind === 'shredded')
  const open = evidence.some((one) => one.kind === 'not_compared') || gone !== undefined
  if (same?.kind === 'plate' || same?.kind === 'face')
    return {
      verdict: open ? 'unsure' : 'not_ours',
      level: 'same_subject',
      capture: same.capture,
      copy: null,
      errorProbability: null,
      evidence,
    }
  return {
    verdict: open ? 'unsure' : 'not_ours',
    level: evidence.some((one) => one.kind === 'near_hash' || one.kind === 'face')
      ? 'look_alike'
      : null,
    capture: null,
    copy: null,
    errorProbability: null,
    evidence,
  }
}

/**
 * A bare crop has no corners to agree, and those around a face prove nothing: there grain must agree, too. A plate
 * that is not bare must stand where it stood: one vehicle has the same plate in every photograph.
 */
export function isThisPicture({
  subject,
  corners,
  box,
  grain,
  around,
  bare,
}: Extract<Evidence, { kind: 'laid_over' }>): boolean {
  if (box === null || box < findingCuts.boxMin) return false
  if (subject === 'face') return grain !== null && grain >= findingCuts.faceGrainMin
  if (!bare && (around === null || around < findingCuts.aroundMin)) return false
  if (corners !== null && corners >= findingCuts.cornersMin) return true
  return grain !== null && grain >= findingCuts.grainMin
}

type Sure = Extract<Evidence, { kind: 'exact_bytes' | 'mark' | 'canary' }>

function surest(sure: readonly Evidence[]): Sure | null {
  const order = { exact_bytes: 0, canary: 1, mark: 2 } as const
  const found = sure.filter((one): one is Sure => one.kind in order)
  return found.toSorted((a, b) => order[a.kind] - order[b.kind])[0] ?? null
}

function named(best: Sure, evidence: readonly Evidence[]): Finding {
  const common = { verdict: 'ours', level: 'this_picture', evidence } as const
  if (best.kind === 'canary')
    return {
      ...common,
      capture: null,
      copy: { kind: 'release', release: best.release },
      errorProbability: best.by === 'bytes' || best.by === 'mark' ? 0 : null,
    }
  return {
    ...common,
    capture: best.capture,
    copy: best.copy,
    errorProbability: best.kind === 'mark' ? best.falsePositiveBound : 0,
  }
}
