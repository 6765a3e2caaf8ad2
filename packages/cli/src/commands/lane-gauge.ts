/** The gauge in a terminal: lines that are rewritten where somebody looks, else a line when something changes. */

import { type GaugeFigures, noPlateAdvice, readGauge } from '@sallyport/core/gauge'

const signs = { good: '✓', fair: '!', poor: '✗' } as const

/** What is shown of figures after `waitedMs` without a plate. */
export function gaugeLines(figures: GaugeFigures, waitedMs: number): readonly string[] {
  const readings = readGauge(figures).map(
    ({ name, verdict, seen, needed, advice }) =>
      `${signs[verdict]} ${name.padEnd(10)} ${seen.padEnd(26)} needs ${needed}${advice === null ? '' : `\n    ${advice}`}`,
  )
  if (figures.plate !== null) return readings
  return ['  no plate in view', ...readings, ...[noPlateAdvice(waitedMs) ?? []].flat()]
}

export class GaugeView {
  #before = ''
  #rows = 0

  show(lines: readonly string[]): void {
    const text = lines.join('\n')
    if (!process.stderr.isTTY) {
      // Numbers waver all the time: said again when a verdict or an advice changed.
      const gist = text.replaceAll(/\d+(\.\d+)?/g, '')
      if (gist !== this.#before) console.error(text)
      this.#before = gist
      return
    }
    this.clear()
    process.stderr.write(`${text}\n`)
    const width = process.stderr.columns || 80
    this.#rows = text
      .split('\n')
      .reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / width)), 0)
  }

  clear(): void {
    if (this.#rows > 0) process.stderr.write(`\u001b[${this.#rows}A\u001b[J`)
    this.#rows = 0
  }
}
