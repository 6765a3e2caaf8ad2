/**
 * The error-correcting code: 64 bits to 384, a convolutional code of rate 1/6 whose register begins
 * where it ends (tail-biting), so that no bit is spent on its ends.
 */

import { messageCells } from './grid.ts'
import type { Code } from './secret.ts'

const codeBits = 64
const registerBits = 11
const states = 1 << (registerBits - 1)
/** Two sets of three generators of the best distance at this length, octal. */
const generators = [0o2353, 0o2671, 0o3175, 0o2327, 0o2567, 0o3453] as const
const rate = generators.length

if (codeBits * rate !== messageCells) throw new Error('the code fills the cells of a tile')

/** Bits that come out when the register holds `register`, generator by generator. */
const outputs = Uint8Array.from({ length: states * 2 }, (_, register) =>
  generators.reduce((word, one, at) => word | (parity(register & one) << at), 0),
)

/** +1 or -1 for each coded bit of a code. */
export function encodeCode(code: Code): Int8Array {
  const bits = bitsOf(code)
  let register = 0
  for (const bit of bits.slice(codeBits - registerBits + 1)) register = (register << 1) | bit
  const coded = new Int8Array(codeBits * rate)
  for (const [step, bit] of bits.entries()) {
    register = ((register << 1) | bit) & (2 * states - 1)
    const word = outputs[register]!
    for (let at = 0; at < rate; at++) coded[step * rate + at] = (word >> at) & 1 ? 1 : -1
  }
  return coded
}

/**
 * The code whose coded bits agree best with `soft` (positive for +1; only ratios matter). Viterbi
 * around the ring: a run to learn where it may begin, one to decide. Always answers some code.
 */
export function decodeCode(soft: Float64Array): Code {
  const rounds = 3
  const steps = codeBits * rounds
  const cameFrom = new Uint8Array(steps * states)
  let metrics = new Float64Array(states)
  let next = new Float64Array(states)
  const branch = new Float64Array(1 << rate)
  for (let step = 0; step < steps; step++) {
    const from = (step % codeBits) * rate
    fillBranches(branch, soft, from)
    advance(metrics, next, branch, cameFrom, step * states)
    const spent = metrics
    metrics = next
    next = spent
  }
  let state = metrics.indexOf(metrics.reduce((best, one) => Math.max(best, one), -Infinity))
  let text = ''
  for (let step = steps - 1; step >= codeBits; step--) {
    if (step < 2 * codeBits) text = String(state & 1) + text
    state = (state >> 1) | (cameFrom[step * states + state]! === 1 ? states >> 1 : 0)
  }
  return BigInt(`0b${text}`).toString(16).padStart(16, '0')
}

/** One step of every state; which of two led there goes to `cameFrom` from `row` on. */
function advance(
  metrics: Float64Array,
  next: Float64Array,
  branch: Float64Array,
  cameFrom: Uint8Array,
  row: number,
): void {
  const half = states >> 1
  for (let state = 0; state < states; state++) {
    // The oldest bit leaves the register: two states lead here, with it and without.
    const low = metrics[state >> 1]! + branch[outputs[state]!]!
    const high = metrics[(state >> 1) | half]! + branch[outputs[state | states]!]!
    if (high > low) {
      cameFrom[row + state] = 1
      next[state] = high
    } else {
      next[state] = low
    }
  }
}

function fillBranches(branch: Float64Array, soft: Float64Array, from: number): void {
  for (let word = 0; word < branch.length; word++) {
    let sum = 0
    for (let at = 0; at < rate; at++) sum += (word >> at) & 1 ? soft[from + at]! : -soft[from + at]!
    branch[word] = sum
  }
}

function bitsOf(code: Code): readonly number[] {
  const text = BigInt(`0x${code}`).toString(2).padStart(codeBits, '0')
  return Array.from(text, Number)
}

function parity(word: number): number {
  let odd = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) odd ^= 1
  return odd
}
