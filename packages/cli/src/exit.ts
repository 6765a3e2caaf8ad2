/** Exit codes (DESIGN section 7), and failures that people are told of. */

export const exitCodes = { done: 0, no: 1, wrongUse: 2, refused: 3, failed: 4 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A failure whose message is for the person at the terminal and says what to do next. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
  }
}

/** What to print and with which code to end. Stacks are for bugs: SALLYPORT_DEBUG=1 shows them. */
export function failureOf(error: unknown): {
  readonly message: string
  readonly exitCode: ExitCode
} {
  const message = error instanceof Error ? error.message : String(error)
  const exitCode = error instanceof CommandFailure ? error.exitCode : exitCodes.failed
  const stack =
    process.env['SALLYPORT_DEBUG'] === '1' && error instanceof Error ? `\n${error.stack ?? ''}` : ''
  return { message: `sallyport: ${message}${stack}`, exitCode }
}
