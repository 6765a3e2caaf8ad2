/**
 * An error in words for the hub's own report, which must hold no personal data. What a database or a
 * parser says quotes what it was given, a plate for example: of those only the kind and the place stay.
 */

/** One line. */
export function reportWords(error: unknown): string {
  if (!(error instanceof Error)) return 'something was thrown that is no error'
  const code = 'code' in error ? String(error.code) : null
  if (isDatabaseError(error)) {
    const about = ['table', 'column', 'constraint'].flatMap((name) => {
      const value: unknown = Reflect.get(error, name)
      return typeof value === 'string' ? [`${name} ${value}`] : []
    })
    return `database error ${[code, ...about].join(', ')}`
  }
  if (error instanceof SyntaxError || error.name === 'ZodError') return error.name
  return error.message
}

/** For a bug: what it was and where, without what an unsafe message says. */
export function reportStack(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [`${error.name}: ${reportWords(error)}`, ...frames].join('\n')
}

/** PostgreSQL's own answers carry a severity; errors of the connection do not. */
function isDatabaseError(error: Error): boolean {
  return 'severity' in error && 'code' in error
}
