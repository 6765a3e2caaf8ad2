/** Numbers as people read them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** '482 B', '48.2 kB', '1.5 GB': decimal units, three figures at most. */
export function bytesWords(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${units[unit]}`
}

/**
 * '97 %'. Rounds down, so that a number never claims more than was said or passes a limit that it
 * missed; and never down to 0, which would say impossible.
 */
export function percentWords(share: number): string {
  if (share >= 1) return '100 %'
  if (share <= 0) return '0 %'
  // 0.29 * 100 is a little less than 29.
  return `${Math.max(1, Math.floor(share * 100 + 1e-9))} %`
}

/** '1 204': thin spaces between thousands, the same in every locale. */
export function countWords(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** '+0.4 s', '−12 s', '+3 min': a clock's offset from the hub's. */
export function offsetWords(ms: number): string {
  const sign = ms < 0 ? '−' : '+'
  const size = Math.abs(ms)
  if (size < 10_000) return `${sign}${(size / 1000).toFixed(1)} s`
  if (size < 120_000) return `${sign}${Math.round(size / 1000)} s`
  return `${sign}${Math.round(size / 60_000)} min`
}

/** 'one look', '6 looks'. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${countWords(count)} ${many}`
}

/** 'a3f0 91c2 … 77de': the ends of a long hex text, spaced for reading aloud. */
export function shortHex(hex: string): string {
  if (hex.length <= 16) return hex
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)} … ${hex.slice(-4)}`
}
