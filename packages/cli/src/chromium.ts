/** Where a Chromium is: for the browser tests and the doctor. */

import { access, constants } from 'node:fs/promises'
import path from 'node:path'

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
]

/** Path of an installed Chromium (SALLYPORT_CHROMIUM first), or null. */
export async function findChromium(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  const folders = (environment['PATH'] ?? '').split(path.delimiter)
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  const candidates = [
    environment['SALLYPORT_CHROMIUM'] ?? '',
    ...folders.flatMap((folder) => names.map((name) => path.join(folder, name))),
    mac,
  ]
  for (const candidate of candidates) {
    if (candidate !== '' && (await isExecutable(candidate))) return candidate
  }
  return null
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
