/**
 * Why a plate is not sure. An open list: these are the labels that have words; whoever adds one adds
 * it here. A lane may be newer than its hub, so a label that is not here is kept and shown as it is.
 */
export const plateReasons = {
  low_confidence: 'A character is too weak to trust.',
  looks_disagree: 'Frames of the same pass disagree.',
  single_look: 'Only one frame showed the plate.',
  syntax_disagrees: 'Plates of this jurisdiction are seldom written like that.',
  plates_differ: 'Front and rear plate differ: a trailer, or a plate that was swapped or cloned.',
  plates_confusable: 'Front and rear plate differ by characters that look alike.',
  no_plate_found: 'No plate was found in any frame.',
  no_characters: 'A plate was found, but no characters on it.',
  on_foot: 'People pass here on foot: there is no plate to read.',
  sample: 'Read surely; drawn at random, so that it is known how often that is right.',
  no_reads: 'The sealed reads of this crossing could not be understood.',
} as const

export type KnownReason = keyof typeof plateReasons

/** A label of this list or of a newer one. Obtain foreign ones from `parseReason`. */
export type ReasonLabel = KnownReason | (string & Record<never, never>)

/** What a label looks like; the same as codes in the log. */
export const reasonPattern = /^[a-z][a-z0-9_]{0,63}$/

/** A label from outside; null when it is none. */
export function parseReason(text: string): ReasonLabel | null {
  return reasonPattern.test(text) ? text : null
}

/** The sentence for a label; null for one that this version does not know. */
export function reasonSentence(label: ReasonLabel): string | null {
  return Object.hasOwn(plateReasons, label) ? plateReasons[label as KnownReason] : null
}
