/** ZIP archives for tests, true ones and lying ones. */

import { crc32, deflateRawSync } from 'node:zlib'

type ZipFile = {
  readonly name: string
  readonly bytes: Buffer
  /** What the archive says of the length, which need not be true. */
  readonly says?: number
  readonly encrypted?: boolean
  /** How it says that it is packed; it is deflated all the same. */
  readonly method?: number
}

/** A ZIP archive (APPNOTE 6.3, 4.3), deflated. */
export function zip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let position = 0
  for (const { name, bytes, says = bytes.length, encrypted = false, method = 8 } of files) {
    const packed = deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(encrypted ? 1 : 0, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(says, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed])
    const entry = Buffer.concat([
      Buffer.from('PK\u0001\u0002'),
      Buffer.from([20, 0]),
      common,
      Buffer.alloc(14),
      Buffer.from(name),
    ])
    entry.writeUInt32LE(position, 42)
    parts.push(local)
    directory.push(entry)
    position += local.length
  }
  const length = directory.reduce((sum, one) => sum + one.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(position, 16)
  return Buffer.concat([...parts, ...directory, end])
}
