/** `sallyport lane remove`: what makes a directory a lane is forgotten. */

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'

import { cameraFileName } from '@sallyport/lane/camera-file'
import { deviceFileName, deviceKeyName, loadDevice, spoolName } from '@sallyport/lane/device'
import { durableFiles } from '@sallyport/lane/durable-files'
import { openSpool } from '@sallyport/lane/spool'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'

import { CommandFailure, exitCodes } from '../exit.ts'
import { note } from '../terminal.ts'

/** Refuses while crossings wait there: without the key they could never be delivered. */
export async function removeLane(options: { readonly directory: string }): Promise<void> {
  const directory = path.resolve(options.directory)
  if (!(await readdir(directory).catch((): string[] => [])).includes(deviceFileName))
    throw new CommandFailure(`No lane is enrolled in ${directory}.`, exitCodes.no)
  const lock = lockDirectory(directory)
  if (lock.kind === 'refused')
    throw new CommandFailure(`${lock.detail} End it first.`, exitCodes.failed)
  try {
    const loaded = await loadDevice(directory)
    const opened = await openSpool(path.join(directory, spoolName), durableFiles)
    const waiting = opened.kind === 'refused' ? 0 : opened.spool.usage().bundles
    if (waiting > 0)
      throw new CommandFailure(
        `${waiting} crossings wait there for the hub. Deliver them first: npx sallyport lane run --directory ${options.directory}`,
        exitCodes.refused,
      )
    // The key last: without the others it signs for nobody.
    for (const name of [cameraFileName, 'push.token', deviceFileName, deviceKeyName])
      await rm(path.join(directory, name), { force: true })
    const device = loaded.kind === 'device' ? ` ${loaded.device.device}` : ''
    note(`Forgotten here: key and camera. Revoke device${device} at the hub: Devices, Revoke….`)
  } finally {
    lock.release()
  }
}
