/**
 * A stranger's ONNX file before any runtime sees it: whether it is one, whole, by itself, and made of
 * standard operators only (onnx.proto of ONNX 1.16). What it computes is for the sandbox to bear.
 */

import { limits } from '../limits.ts'

export type OnnxRefusal =
  | 'model_too_large'
  | 'not_onnx'
  | 'model_cut_off'
  | 'custom_operators'
  | 'external_data'
  | 'huge_tensors'

export type OnnxCheck =
  | { readonly kind: 'plausible' }
  | { readonly kind: 'refused'; readonly code: OnnxRefusal; readonly detail: string }

/** Judges the bytes of a model. Never throws; never reads further than the file goes. */
export function checkOnnx(bytes: Uint8Array): OnnxCheck {
  if (bytes.length > limits.candidateBytesMax)
    return refused(
      'model_too_large',
      `It has ${bytes.length} bytes; ${limits.candidateBytesMax} are taken.`,
    )
  try {
    judgeModel(bytes)
    return { kind: 'plausible' }
  } catch (error) {
    if (error instanceof Misfit) return refused(error.code, error.message)
    throw error
  }
}

function refused(code: OnnxRefusal, detail: string): OnnxCheck {
  return { kind: 'refused', code, detail: `The model is not taken: ${detail}` }
}

/** Carries a refusal out of the depth of the file. */
class Misfit extends Error {
  readonly code: OnnxRefusal

  constructor(code: OnnxRefusal, message: string) {
    super(message)
    this.code = code
  }
}

/** Field numbers of onnx.proto that matter here. */
const model = { irVersion: 1, graph: 7, opsets: 8, functions: 25 } as const
const graph = { nodes: 1, initializers: 5, sparse: 15 } as const
const node = { operator: 4, attributes: 5, domain: 7 } as const
const attribute = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 } as const
const tensor = { dims: 1, external: 13, location: 14 } as const
const opset = { domain: 1 } as const
const sparseTensor = { values: 1, indices: 2 } as const

const ownDomains: ReadonlySet<string> = new Set(['', 'ai.onnx'])

function judgeModel(bytes: Uint8Array): void {
  let graphs = 0
  let version = 0n
  for (const { field, value } of fieldsOf(bytes, true)) {
    if (field === model.irVersion && typeof value === 'bigint') version = value
    if (field === model.functions)
      throw new Misfit('custom_operators', 'it brings functions of its own. Export it without.')
    if (field === model.opsets && typeof value !== 'bigint') judgeOpset(value)
    if (field === model.graph && typeof value !== 'bigint') {
      graphs += 1
      judgeGraph(value, { depth: 0, nodes: 0 })
    }
  }
  if (graphs !== 1 || version < 3n || version > 20n)
    throw new Misfit('not_onnx', 'it is no ONNX file.')
}

function judgeOpset(bytes: Uint8Array): void {
  for (const { field, value } of fieldsOf(bytes))
    if (field === opset.domain && typeof value !== 'bigint') judgeDomain(textOf(value))
}

function judgeDomain(domain: string): void {
  if (ownDomains.has(domain)) return
  throw new Misfit(
    'custom_operators',
    `it uses operators of ${domain.replaceAll(/[^\w.-]/g, '?').slice(0, 60)}; only the standard ones are run.`,
  )
}

type Depth = { readonly depth: number; nodes: number }

function judgeGraph(bytes: Uint8Array, at: Depth): void {
  if (at.depth > limits.candidateGraphDepthMax)
    throw new Misfit('huge_tensors', 'its graphs lie too deep in each other.')
  for (const { field, value } of fieldsOf(bytes)) {
    if (typeof value === 'bigint') continue
    if (field === graph.nodes) judgeNode(value, at)
    if (field === graph.initializers) judgeTensor(value)
    if (field === graph.sparse) judgeSparse(value)
  }
}

function judgeNode(bytes: Uint8Array, at: Depth): void {
  at.nodes += 1
  if (at.nodes > limits.candidateNodesMax)
    throw new Misfit('huge_tensors', `it has more than ${limits.candidateNodesMax} nodes.`)
  for (const { field, value } of fieldsOf(bytes)) {
    if (typeof value === 'bigint') continue
    if (field === node.domain) judgeDomain(textOf(value))
    if (field === node.attributes) judgeAttribute(value, at)
  }
}

function judgeAttribute(bytes: Uint8Array, at: Depth): void {
  for (const { field, value } of fieldsOf(bytes)) {
    if (typeof value === 'bigint') continue
    if (field === attribute.tensor || field === attribute.tensors) judgeTensor(value)
    if (field === attribute.sparse || field === attribute.sparses) judgeSparse(value)
    if (field === attribute.graph || field === attribute.graphs) {
      const inner = { depth: at.depth + 1, nodes: at.nodes }
      judgeGraph(value, inner)
      at.nodes = inner.nodes
    }
  }
}

function judgeSparse(bytes: Uint8Array): void {
  for (const { field, value } of fieldsOf(bytes))
    if (
      (field === sparseTensor.values || field === sparseTensor.indices) &&
      typeof value !== 'bigint'
    )
      judgeTensor(value)
}

function judgeTensor(bytes: Uint8Array): void {
  let elements = 1n
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === tensor.external || (field === tensor.location && value === 1n))
      throw new Misfit(
        'external_data',
        'its weights lie in another file. Save it as one file: here it has no others.',
      )
    if (field === tensor.dims)
      for (const size of typeof value === 'bigint' ? [value] : packed(value)) elements *= size
    if (elements > BigInt(limits.candidateTensorMax))
      throw new Misfit(
        'huge_tensors',
        `a tensor has more than ${limits.candidateTensorMax} elements.`,
      )
  }
}

// Protocol buffers' wire format.

type Field = { readonly field: number; readonly value: bigint | Uint8Array }

function* fieldsOf(bytes: Uint8Array, outermost = false): Generator<Field> {
  for (let at = 0; at < bytes.length;) {
    const key = varint(bytes, at)
    at = key.next
    const field = Number(key.value >> 3n)
    const wire = Number(key.value & 7n)
    if (field < 1 || field > 4_000 || ![0, 1, 2, 5].includes(wire))
      throw new Misfit('not_onnx', 'it is no ONNX file.')
    if (wire === 0) {
      const { value, next } = varint(bytes, at)
      at = next
      yield { field, value }
      continue
    }
    const length = wire === 2 ? varint(bytes, at) : { value: wire === 1 ? 8n : 4n, next: at }
    const end = length.next + Number(length.value)
    if (end > bytes.length)
      throw outermost
        ? new Misfit('model_cut_off', 'it is cut off, or no ONNX file.')
        : new Misfit('not_onnx', 'it is damaged.')
    yield { field, value: bytes.subarray(length.next, end) }
    at = end
  }
}

function* packed(bytes: Uint8Array): Generator<bigint> {
  for (let at = 0; at < bytes.length;) {
    const { value, next } = varint(bytes, at)
    at = next
    yield value
  }
}

function varint(bytes: Uint8Array, from: number): { value: bigint; next: number } {
  let value = 0n
  for (let at = from; at < from + 10; at++) {
    const byte = bytes[at]
    if (byte === undefined) break
    value |= BigInt(byte & 127) << BigInt(7 * (at - from))
    if (byte < 128) return { value, next: at + 1 }
  }
  throw new Misfit('model_cut_off', 'it is cut off, or no ONNX file.')
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
