/** What every bench prints: work per second, CPU time per operation, and on what machine and day. */

import { readFile } from 'node:fs/promises'
import * as os from 'node:os'

export type Row = {
  readonly name: string
  /** Operations per second of wall time. */
  readonly perSecond: number
  /** User and system time of this process, milliseconds per operation. */
  readonly cpuMs: number
  /** Fastest and middle round, milliseconds of wall time per operation. */
  readonly bestMs: number
  readonly medianMs: number
}

/** Runs `round`, which does `operations` operations, once to warm up and then `rounds` times. */
export async function measure(
  name: string,
  operations: number,
  rounds: number,
  round: () => unknown,
): Promise<Row> {
  await round()
  const times: number[] = []
  const cpuBefore = process.cpuUsage()
  for (let at = 0; at < rounds; at++) {
    const start = process.hrtime.bigint()
    await round()
    times.push(Number(process.hrtime.bigint() - start) / 1e6 / operations)
  }
  const cpu = process.cpuUsage(cpuBefore)
  const total = times.reduce((sum, one) => sum + one, 0)
  const sorted = times.toSorted((a, b) => a - b)
  return {
    name,
    perSecond: (1000 * rounds) / total,
    cpuMs: (cpu.user + cpu.system) / 1000 / operations / rounds,
    bestMs: sorted[0] ?? Number.NaN,
    medianMs: sorted[Math.floor(rounds / 2)] ?? Number.NaN,
  }
}

/** Prints the rows as a Markdown table under machine and date. */
export function printRows(title: string, rows: readonly Row[], date: Date): void {
  const cpu = os.cpus()[0]?.model ?? 'unknown CPU'
  const load = os.loadavg()[0]?.toFixed(1)
  const machine = `${cpu}, ${os.cpus().length} cores, Node ${process.versions.node}, ${os.type()} ${os.release()}`
  console.log(`${title}\n${machine}, load ${load}, ${date.toISOString().slice(0, 10)}\n`)
  console.log('| what | per second | CPU ms each | best ms | median ms |')
  console.log('|---|---:|---:|---:|---:|')
  for (const row of rows) {
    const cells = [row.cpuMs, row.bestMs, row.medianMs].map((ms) => ms.toFixed(3))
    console.log(`| ${row.name} | ${Math.round(row.perSecond)} | ${cells.join(' | ')} |`)
  }
}

/** User and system time of a process so far, ms (Linux: clock ticks of 10 ms). */
export async function cpuMsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
