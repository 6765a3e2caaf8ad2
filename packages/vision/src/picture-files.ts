/** Which files are taken for pictures, by their names. */

import path from 'node:path'

export const pictureExtensions = [
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.tif',
  '.tiff',
  '.avif',
] as const

export function isPictureName(name: string): boolean {
  return (pictureExtensions as readonly string[]).includes(path.extname(name).toLowerCase())
}
