/** Descriptions of faces. They are personal data: whoever has one can find, and roughly draw, the face. */

/**
 * A face as numbers of length 1, with the model that made them. `Model` is the name under which the
 * program opened the model, so that a mix-up of two models does not compile; the identity is checked
 * again when templates meet, for those that come from a disk.
 */
export type FaceTemplate<Model extends string = string> = {
  readonly name: Model
  /** Name and hash of network, alignment and normalisation: equal ones may be compared, others never. */
  readonly model: string
  readonly vector: Float32Array
}

export type TemplateRefusal = {
  readonly kind: 'refused'
  readonly code: 'other_model'
  readonly detail: string
}

/** The distance between two faces of one model, 0 to 2; refused when the templates are of two. */
export function templateDistance<Model extends string>(
  a: FaceTemplate<Model>,
  b: FaceTemplate<NoInfer<Model>>,
): { readonly kind: 'distance'; readonly distance: number } | TemplateRefusal {
  if (a.model !== b.model || a.vector.length !== b.vector.length)
    return otherModel(a.model, b.model)
  return { kind: 'distance', distance: vectorDistance(a.vector, b.vector) }
}

/** The distance of two vectors of one model: for a set of which that is already known. */
export function vectorDistance(a: Float32Array, b: Float32Array): number {
  let squares = 0
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] as number) - (b[at] as number)
    squares += difference * difference
  }
  return Math.sqrt(squares)
}

export function otherModel(wanted: string, found: string): TemplateRefusal {
  return {
    kind: 'refused',
    code: 'other_model',
    detail: `A template of ${found} cannot be compared with one of ${wanted}: their numbers mean different things. Describe the picture again with ${wanted}.`,
  }
}

/** The vector scaled to length 1, in place. Throws when it has no direction: the network failed. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  if (!(squares > 0) || !Number.isFinite(squares))
    throw new Error('The description network gave no usable numbers.')
  const scale = 1 / Math.sqrt(squares)
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] as number) * scale
  return vector
}
