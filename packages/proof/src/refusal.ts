/** A refusal is a value: a closed code for programs and a sentence for people. Bugs throw instead. */
export type Refused<Code extends string> = {
  readonly kind: 'refused'
  readonly code: Code
  readonly detail: string
}

/** Builds a refusal. `detail` names positions and lengths, never contents. */
export function refuse<Code extends string>(code: Code, detail: string): Refused<Code> {
  return { kind: 'refused', code, detail }
}
