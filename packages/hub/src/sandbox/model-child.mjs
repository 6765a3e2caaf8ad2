// The process in which a stranger's model runs: plain JavaScript, no file but the runtime's own, no network.
// It takes frames on its standard input and answers on its standard output, and says first what it could
// reach. Argument: the folder of ONNX Runtime's wasm build. Frames: 4 bytes of length, little-endian, bytes.

import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

// The runtime prints; what it prints would stand between frames.
for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[name] = () => {}

const [, , runtime] = process.argv
const frames = readFrames(process.stdin)

async function main() {
  sendJson({ kind: 'reached', files: filesReached(), network: await networkReached() })
  const setup = JSON.parse((await nextFrame()).toString())
  limitMemory(setup.memory_pages)
  const ort = await import(pathToFileURL(`${runtime}/ort.node.min.mjs`).href)
  ort.env.wasm.numThreads = 1
  ort.env.logLevel = 'fatal'
  const session = await open(ort, await nextFrame())
  sendJson({ kind: 'loaded', inputs: session.inputNames, outputs: session.outputNames })
  const { name, width, height } = setup.input
  for (;;) {
    const frame = await nextFrame()
    const data = new Float32Array(new Uint8Array(frame).buffer)
    const count = data.length / (3 * width * height)
    const image = new ort.Tensor('float32', data, [count, 3, height, width])
    let outputs
    try {
      outputs = await session.run({ [name]: image }, setup.outputs)
    } catch (error) {
      sendJson({ kind: 'failed', detail: reasonOf(error) })
      continue
    }
    const wanted = setup.outputs.map((name) => [name, outputs[name]])
    const dims = Object.fromEntries(wanted.map(([name, tensor]) => [name, [...tensor.dims]]))
    sendJson({
      kind: 'outputs',
      dims,
      float32: wanted.every(([, tensor]) => tensor.type === 'float32'),
    })
    for (const [, tensor] of wanted) send(bytesOf(tensor))
    for (const tensor of Object.values(outputs)) tensor.dispose()
  }
}

async function open(ort, model) {
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    })
  } catch (error) {
    sendJson({ kind: 'refused', detail: reasonOf(error) })
    return process.exit(0)
  }
}

/** No memory of the runtime grows beyond so many pages of 64 KiB, whatever the model asks for. */
function limitMemory(pages) {
  const Memory = WebAssembly.Memory
  WebAssembly.Memory = function (wanted) {
    return new Memory({ ...wanted, maximum: Math.min(wanted.maximum ?? pages, pages) })
  }
}

function filesReached() {
  let reached = 0
  for (const place of ['/', '/etc', process.cwd()]) {
    try {
      readdirSync(place)
      reached += 1
    } catch {
      // As it should be.
    }
  }
  try {
    if (spawnSync(process.execPath, ['--version']).error === undefined) reached += 1
  } catch {
    // No other process either.
  }
  return reached > 0
}

/** A documentation address (RFC 5737): a machine with a network tries, one without says so at once. */
function networkReached() {
  return new Promise((resolve) => {
    const socket = connect(9, '192.0.2.1')
    const end = (reached) => {
      socket.destroy()
      resolve(reached)
    }
    socket.setTimeout(1_000, () => end(true))
    socket.on('connect', () => end(true))
    socket.on('error', ({ code }) => end(code !== 'ENETUNREACH' && code !== 'ERR_ACCESS_DENIED'))
  })
}

function bytesOf({ data }) {
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.alloc(0)
}

function reasonOf(error) {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').slice(0, 300)
}

function send(bytes) {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  process.stdout.write(length)
  process.stdout.write(bytes)
}

function sendJson(value) {
  send(Buffer.from(JSON.stringify(value)))
}

async function* readFrames(stream) {
  let held = []
  let length = 0
  for await (const chunk of stream) {
    held.push(chunk)
    length += chunk.length
    for (;;) {
      // Joined once a frame is whole, not with every chunk of it.
      if (length < 4) break
      if (held[0].length < 4) held = [Buffer.concat(held)]
      const end = 4 + held[0].readUInt32LE(0)
      if (length < end) break
      const all = Buffer.concat(held)
      yield all.subarray(4, end)
      held = [all.subarray(end)]
      length -= end
    }
  }
}

async function nextFrame() {
  const { done, value } = await frames.next()
  return done ? process.exit(0) : value
}

await main().catch(() => process.exit(1))
