/** `multipart/x-mixed-replace`, as IP cameras send motion JPEG: bytes in, parts out, with limits. */

export type PartsRefusal = 'header_too_long' | 'part_too_long'

export type ReadParts =
  | { readonly kind: 'parts'; readonly parts: readonly Uint8Array[] }
  | { readonly kind: 'refused'; readonly code: PartsRefusal }

/** The boundary that a content type names; null when it is not a multipart stream. */
export function boundaryOf(contentType: string): string | null {
  if (!/^multipart\/(x-mixed-replace|mixed)\s*;/i.test(contentType)) return null
  const found = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType)
  const boundary = found?.[1] ?? found?.[2]
  // Some cameras include the dashes of the delimiter in the name.
  return boundary === undefined ? null : boundary.replace(/^--/, '')
}

/** Bytes that arrive in pieces and leave from the front. Grows by doubling: no chunk is copied often. */
export class ByteQueue {
  #bytes = Buffer.alloc(16 * 1024)
  #from = 0
  #to = 0

  get length(): number {
    return this.#to - this.#from
  }

  push(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#bytes.length) {
      const roomy = Math.max(this.#bytes.length, 2 * (this.length + chunk.length))
      const target = roomy > this.#bytes.length ? Buffer.alloc(roomy) : this.#bytes
      this.#bytes.copy(target, 0, this.#from, this.#to)
      this.#to -= this.#from
      this.#from = 0
      this.#bytes = target
    }
    this.#bytes.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** Position of `needle` from the front, looking from `start`; -1 when it is not there. */
  indexOf(needle: Uint8Array, start = 0): number {
    return this.#bytes.subarray(this.#from, this.#to).indexOf(needle, start)
  }

  /** A copy of bytes that stay in the queue. */
  peek(from: number, to: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#from + from, Math.min(this.#to, this.#from + to)))
  }

  /** A copy of the first `count` bytes, which leave the queue. */
  take(count: number): Uint8Array {
    const taken = Uint8Array.from(this.#bytes.subarray(this.#from, this.#from + count))
    this.drop(count)
    return taken
  }

  drop(count: number): void {
    this.#from += count
    if (this.#from === this.#to) this.#from = this.#to = 0
  }
}

const blankLine = Buffer.from('\r\n\r\n')

/** Cuts a stream into parts. With a content length it is obeyed, else the next boundary ends a part. */
export class PartReader {
  readonly #boundary: Buffer
  readonly #headerMax: number
  readonly #partMax: number
  readonly #held = new ByteQueue()
  /** Null while looking for a boundary and its header. */
  #body: { readonly length: number | null; searched: number } | null = null

  constructor(boundary: string, maxima: { readonly header: number; readonly part: number }) {
    this.#boundary = Buffer.from(`--${boundary}`, 'latin1')
    this.#headerMax = maxima.header
    this.#partMax = maxima.part
  }

  /** Takes a chunk; gives the parts that it completed. After a refusal the stream is useless. */
  take(chunk: Uint8Array): ReadParts {
    this.#held.push(chunk)
    const parts: Uint8Array[] = []
    for (;;) {
      const step = this.#body === null ? this.#readHeader() : this.#readBody(this.#body)
      if (step === 'more') return { kind: 'parts', parts }
      if (step === 'again') continue
      if (typeof step === 'string') return { kind: 'refused', code: step }
      if (step.length > 0) parts.push(step)
    }
  }

  #readHeader(): 'again' | 'more' | PartsRefusal {
    const start = this.#held.indexOf(this.#boundary)
    const end = start < 0 ? -1 : this.#held.indexOf(blankLine, start)
    if (end < 0) return this.#held.length > this.#headerMax ? 'header_too_long' : 'more'
    if (end - start > this.#headerMax) return 'header_too_long'
    const header = this.#held.peek(start + this.#boundary.length, end).toString('latin1')
    const said = /^content-length:\s*(\d{1,10})\s*$/im.exec(header)?.[1]
    const length = said === undefined ? null : Number(said)
    if (length !== null && length > this.#partMax) return 'part_too_long'
    this.#body = { length, searched: 0 }
    this.#held.drop(end + blankLine.length)
    return 'again'
  }

  #readBody(body: {
    readonly length: number | null
    searched: number
  }): 'more' | PartsRefusal | Uint8Array {
    let end = body.length
    if (end === null) {
      end = this.#held.indexOf(this.#boundary, body.searched)
      if (end < 0) {
        body.searched = Math.max(0, this.#held.length - this.#boundary.length)
        return this.#held.length > this.#partMax ? 'part_too_long' : 'more'
      }
      const tail = this.#held.peek(Math.max(0, end - 2), end).toString('latin1')
      end -= tail.endsWith('\r\n') ? 2 : tail.endsWith('\n') ? 1 : 0
    }
    if (end > this.#partMax) return 'part_too_long'
    if (this.#held.length < end) return 'more'
    this.#body = null
    return this.#held.take(end)
  }
}
