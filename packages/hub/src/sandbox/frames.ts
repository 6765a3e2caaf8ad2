/** Frames between hub and sandbox: four bytes of length, little-endian, and so many bytes. */

export function frame(bytes: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(4 + bytes.length)
  framed.writeUInt32LE(bytes.length)
  framed.set(bytes, 4)
  return framed
}

/**
 * What a sandbox sends, frame by frame. `next` refuses a frame that is longer than its reader expects:
 * null then, as after the end.
 */
export class FrameReader {
  #held = Buffer.alloc(0)
  #ended = false
  #wake: () => void = () => undefined

  /** Bytes as they come; the sandbox is stopped by its owner when it sends more than it was asked for. */
  push(bytes: Uint8Array): void {
    this.#held = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes])
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async next(bytesMax: number): Promise<Buffer | null> {
    for (;;) {
      const length = this.#held.length < 4 ? null : this.#held.readUInt32LE(0)
      if (length !== null && length > bytesMax) return null
      if (length !== null && this.#held.length >= 4 + length) {
        const bytes = this.#held.subarray(4, 4 + length)
        this.#held = this.#held.subarray(4 + length)
        return bytes
      }
      if (this.#ended || this.#held.length > bytesMax + 4) return null
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
