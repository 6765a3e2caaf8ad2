/** Reads specs/vectors for the tests. */

import * as fs from 'node:fs'
import * as path from 'node:path'

export const vectorFolder = path.resolve(import.meta.dirname, '../../../../specs/vectors')

/** A JSON vector file; `T` says what its spec says of it. */
export function readVectors<T>(name: string): T {
  return JSON.parse(fs.readFileSync(path.join(vectorFolder, name), 'utf8'))
}

/** Every file below the vectors but their scripts, by its path. */
export function vectorFiles(): ReadonlyMap<string, Uint8Array> {
  const names = fs.readdirSync(vectorFolder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
  return new Map(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return [path.relative(vectorFolder, file), new Uint8Array(fs.readFileSync(file))]
    }),
  )
}
