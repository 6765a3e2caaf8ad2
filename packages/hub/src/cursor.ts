/** Page cursors: the last row's instant and id, opaque to the outside. */

export function encodeCursor(at: Date, id: string): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url')
}

export function decodeCursor(cursor: string): { readonly at: Date; readonly id: string } | null {
  const [time, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  if (time === undefined || id === undefined || !/^[0-9a-f]{32}$/.test(id)) return null
  const at = new Date(time)
  return Number.isNaN(at.getTime()) ? null : { at, id }
}
