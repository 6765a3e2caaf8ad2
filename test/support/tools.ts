/** System tools that some tests compare with, or start. */

import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/**
 * Path of a system tool, or null when it is not installed: the test then skips and names
 * `debianPackage`. `name` is a command on the PATH, or an absolute path of a file or folder. Throws
 * where SALLYPORT_TOOLS_REQUIRED=1, so that a machine that must test everything skips nothing.
 */
export function needTool(
  name: string,
  debianPackage: string,
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  const found = path.isAbsolute(name)
    ? [name].find((place) => allows(place, constants.R_OK))
    : (environment['PATH'] ?? '')
        .split(path.delimiter)
        .map((folder) => path.join(folder, name))
        .find((place) => allows(place, constants.X_OK))
  if (found === undefined && environment['SALLYPORT_TOOLS_REQUIRED'] === '1') {
    throw new Error(
      `${name} is not installed, and SALLYPORT_TOOLS_REQUIRED=1 allows no skip: apt install ${debianPackage}`,
    )
  }
  return found ?? null
}

function allows(place: string, mode: number): boolean {
  try {
    accessSync(place, mode)
    return true
  } catch {
    return false
  }
}
