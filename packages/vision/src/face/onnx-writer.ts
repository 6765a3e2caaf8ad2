/** Writes ONNX: the few messages of onnx.proto that a convolutional network needs, and nothing else. */

/** A tensor of a graph: its shape and its numbers, row by row. */
export type OnnxTensor = {
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

/** Whole numbers become `int` or `ints`; everything else that a convolution takes is one of these. */
export type OnnxAttributes = Readonly<Record<string, number | readonly number[]>>

/** A name stands for a dimension that is known only when the network runs. */
export type OnnxShape = readonly (number | string)[]

const opset = 17
const irVersion = 8
/** onnx.proto, TensorProto.DataType. */
const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const

export type OnnxElement = Exclude<keyof typeof elementTypes, 'int64'>

/** A network that is put together node by node; every method answers the name of the value it made. */
export class OnnxGraph {
  readonly #name: string
  readonly #nodes: Uint8Array[] = []
  readonly #weights: Uint8Array[] = []
  readonly #inputs: Uint8Array[] = []
  readonly #outputs: Uint8Array[] = []
  #values = 0

  constructor(name: string) {
    this.#name = name
  }

  input(name: string, shape: OnnxShape, element: OnnxElement = 'float32'): string {
    this.#inputs.push(valueInfo(name, shape, element))
    return name
  }

  output(name: string, value: string, shape: OnnxShape, element: OnnxElement = 'float32'): void {
    this.#outputs.push(valueInfo(name, shape, element))
    this.#nodes.push(node('Identity', [value], name, {}))
  }

  weights(tensor: OnnxTensor): string {
    const name = `w${this.#weights.length}`
    this.#weights.push(tensorProto(name, tensor))
    return name
  }

  /** Whole numbers as a one-dimensional tensor, as shapes and paddings are given. */
  wholeNumbers(numbers: readonly number[]): string {
    return this.weights({ dims: [numbers.length], data: BigInt64Array.from(numbers, BigInt) })
  }

  number(value: number): string {
    return this.weights({ dims: [], data: Float32Array.of(value) })
  }

  apply(operator: string, inputs: readonly string[], attributes: OnnxAttributes = {}): string {
    const output = `v${this.#values++}`
    this.#nodes.push(node(operator, inputs, output, attributes))
    return output
  }

  /** The model's file (onnx.proto, ModelProto). The same graph gives the same bytes. */
  bytes(): Uint8Array {
    const graph = concat([
      ...this.#nodes.map((one) => bytesField(1, one)),
      textField(2, this.#name),
      ...this.#weights.map((one) => bytesField(5, one)),
      ...this.#inputs.map((one) => bytesField(11, one)),
      ...this.#outputs.map((one) => bytesField(12, one)),
    ])
    return concat([
      numberField(1, irVersion),
      textField(2, 'sallyport'),
      bytesField(7, graph),
      bytesField(8, concat([textField(1, ''), numberField(2, opset)])),
    ])
  }
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxAttributes,
): Uint8Array {
  return concat([
    ...inputs.map((one) => textField(1, one)),
    textField(2, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
  ])
}

function attribute(name: string, value: number | readonly number[]): Uint8Array {
  const [kind, fields] =
    typeof value === 'number'
      ? [2, [numberField(3, value)]]
      : [7, value.map((one) => numberField(8, one))]
  return concat([textField(1, name), ...fields, numberField(20, kind)])
}

function tensorProto(name: string, { dims, data }: OnnxTensor): Uint8Array {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return concat([
    ...dims.map((size) => numberField(1, size)),
    numberField(2, elementTypes[data instanceof Float32Array ? 'float32' : 'int64']),
    textField(8, name),
    bytesField(9, raw),
  ])
}

function valueInfo(name: string, shape: OnnxShape, element: OnnxElement): Uint8Array {
  const dims = shape.map((size) =>
    bytesField(1, typeof size === 'number' ? numberField(1, size) : textField(2, size)),
  )
  const tensor = concat([numberField(1, elementTypes[element]), bytesField(2, concat(dims))])
  return concat([textField(1, name), bytesField(2, bytesField(1, tensor))])
}

// Protocol buffers' wire format: a key of field number and wire type, then a varint or a length and bytes.

function numberField(field: number, value: number): Uint8Array {
  return concat([varint(field << 3), varint(value)])
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(text))
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return concat([varint((field << 3) | 2), varint(bytes.length), bytes])
}

/** Nothing in such a graph is negative or beyond 2^53. */
function varint(value: number): Uint8Array {
  const bytes = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Uint8Array.of(...bytes, rest)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
