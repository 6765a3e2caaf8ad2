/** Names on the disk: what a rename or a new file needs before it survives a power cut. */

import { open } from 'node:fs/promises'

/** Puts a directory's names on the disk (fsync). Throws what the system says. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
