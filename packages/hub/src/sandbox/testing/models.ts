/** Small ONNX files for tests, good and bad: messages of onnx.proto written by hand. */

type Bytes = Uint8Array

const utf8 = (text: string): Bytes => new TextEncoder().encode(text)
const join = (parts: readonly Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts))

function varint(value: bigint): Bytes {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Uint8Array.of(...bytes, Number(rest))
}

const whole = (field: number, value: number | bigint): Bytes =>
  join([varint(BigInt(field << 3)), varint(BigInt(value))])
const bytesOf = (field: number, value: Bytes): Bytes =>
  join([varint(BigInt((field << 3) | 2)), varint(BigInt(value.length)), value])
const text = (field: number, value: string): Bytes => bytesOf(field, utf8(value))

/** TensorProto of int64, or of bool. */
function tensor(
  name: string,
  dims: readonly number[],
  data: readonly number[],
  bool = false,
): Bytes {
  const raw = bool ? Uint8Array.from(data) : new Uint8Array(BigInt64Array.from(data, BigInt).buffer)
  return join([
    ...dims.map((size) => whole(1, size)),
    whole(2, bool ? 9 : 7),
    text(8, name),
    bytesOf(9, raw),
  ])
}

type NodeOptions = { readonly domain?: string; readonly attributes?: readonly Bytes[] }

function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { domain = '', attributes = [] }: NodeOptions = {},
): Bytes {
  return join([
    ...inputs.map((one) => text(1, one)),
    ...outputs.map((one) => text(2, one)),
    text(4, operator),
    ...attributes.map((one) => bytesOf(5, one)),
    ...(domain === '' ? [] : [text(7, domain)]),
  ])
}

const graphAttribute = (name: string, graph: Bytes): Bytes =>
  join([text(1, name), bytesOf(6, graph), whole(20, 5)])
const numberAttribute = (name: string, value: number): Bytes =>
  join([text(1, name), whole(3, value), whole(20, 2)])

const elements = { float: 1, int64: 7, bool: 9 } as const

function value(
  name: string,
  element: keyof typeof elements,
  dims: readonly (number | string)[],
): Bytes {
  const shape = dims.map((size) =>
    bytesOf(1, typeof size === 'number' ? whole(1, size) : text(2, size)),
  )
  return join([
    text(1, name),
    bytesOf(2, bytesOf(1, join([whole(1, elements[element]), bytesOf(2, join(shape))]))),
  ])
}

type Graph = {
  readonly nodes: readonly Bytes[]
  readonly tensors?: readonly Bytes[]
  readonly inputs: readonly Bytes[]
  readonly outputs: readonly Bytes[]
}

const graphOf = ({ nodes, tensors = [], inputs, outputs }: Graph): Bytes =>
  join([
    ...nodes.map((one) => bytesOf(1, one)),
    text(2, 'test'),
    ...tensors.map((one) => bytesOf(5, one)),
    ...inputs.map((one) => bytesOf(11, one)),
    ...outputs.map((one) => bytesOf(12, one)),
  ])

const modelOf = (graph: Graph, domains: readonly string[] = ['']): Bytes =>
  join([
    whole(1, 8),
    bytesOf(7, graphOf(graph)),
    ...domains.map((domain) => bytesOf(8, join([text(1, domain), whole(2, 17)]))),
  ])

/** Size of the pictures that all of them take, and the numbers they promise for one. */
export const madeFor = {
  input: { name: 'image', width: 32, height: 16 },
  outputs: { characters: 8 * 37 },
} as const

const image = value('image', 'float', ['n', 3, 16, 32])
const characters = value('characters', 'float', ['n', 8, 37])

/** Reads nothing, in good order: zeros for every picture. `more` goes between the shape and the answer. */
function quiet(more: Partial<Graph> & { readonly shape?: string } = {}): Graph {
  return {
    nodes: [
      node('Shape', ['image'], ['all']),
      node('Gather', ['all', 'first'], ['count']),
      node('Concat', ['count', 'rest'], ['wanted'], { attributes: [numberAttribute('axis', 0)] }),
      ...(more.nodes ?? []),
      node('ConstantOfShape', [more.shape ?? 'wanted'], ['characters']),
    ],
    tensors: [tensor('first', [1], [0]), tensor('rest', [2], [8, 37]), ...(more.tensors ?? [])],
    inputs: [image],
    outputs: [characters],
  }
}

export const quietModel = (): Bytes => modelOf(quiet())

/** Goes round for ever: a loop without a trip count whose condition stays true. */
export const endlessModel = (): Bytes => {
  const body = graphOf({
    nodes: [node('Identity', ['going'], ['still']), node('Identity', ['held'], ['kept'])],
    inputs: [value('turn', 'int64', []), value('going', 'bool', []), value('held', 'int64', [3])],
    outputs: [value('still', 'bool', []), value('kept', 'int64', [3])],
  })
  return modelOf(
    quiet({
      nodes: [
        node('Loop', ['', 'yes', 'wanted'], ['after'], {
          attributes: [graphAttribute('body', body)],
        }),
      ],
      tensors: [tensor('yes', [], [1], true)],
      shape: 'after',
    }),
  )
}

/** Small on disk, 16 GiB when it runs. */
export const swellingModel = (): Bytes =>
  modelOf(
    quiet({
      nodes: [
        node('ConstantOfShape', ['large'], ['sea']),
        node('Shape', ['sea'], ['shore']),
        node('ReduceMax', ['sea'], ['wave']),
        node('Cast', ['wave'], ['calm'], { attributes: [numberAttribute('to', 7)] }),
        node('Add', ['wanted', 'calm'], ['after']),
      ],
      tensors: [tensor('large', [2], [65_536, 65_536])],
      shape: 'after',
    }),
  )

/** Gives another shape than it is taken for. */
export const lyingModel = (): Bytes =>
  modelOf({ ...quiet(), tensors: [tensor('first', [1], [0]), tensor('rest', [2], [80, 37])] })

export const customModel = (): Bytes =>
  modelOf(quiet({ nodes: [node('Exfiltrate', ['image'], ['gone'], { domain: 'evil.example' })] }), [
    '',
    'evil.example',
  ])

/** A custom operator hidden in the body of an `If`, its domain not declared. */
export const hiddenCustomModel = (): Bytes => {
  const branch = graphOf({
    nodes: [node('Exfiltrate', ['wanted'], ['x'], { domain: 'evil.example' })],
    inputs: [],
    outputs: [value('x', 'int64', [3])],
  })
  const attributes = [graphAttribute('then_branch', branch), graphAttribute('else_branch', branch)]
  return modelOf(
    quiet({
      nodes: [node('If', ['yes'], ['after'], { attributes })],
      tensors: [tensor('yes', [], [1], true)],
      shape: 'after',
    }),
  )
}

export const externalModel = (): Bytes => {
  const place = join([text(1, 'location'), text(2, '/etc/passwd')])
  const outside = join([whole(1, 4), whole(2, 1), text(8, 'w'), bytesOf(13, place), whole(14, 1)])
  return modelOf(quiet({ tensors: [outside] }))
}

/** A tensor that says it has 2^40 elements. */
export const boastingModel = (): Bytes =>
  modelOf(
    quiet({ tensors: [join([whole(1, 2 ** 20), whole(1, 2 ** 20), whole(2, 1), text(8, 'w')])] }),
  )
