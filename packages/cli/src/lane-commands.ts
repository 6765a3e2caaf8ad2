/** The computer at a lane: added with its camera, enrolled, run, taken back. */

import type { Command } from 'commander'

import { portNumber, wholeNumber } from './arguments.ts'

export function addLaneCommands(program: Command): void {
  const lane = program.command('lane').description('the computer at a lane: add it, run it')
  addAdding(lane)
  addRunning(lane)
  lane
    .command('enrol')
    .description('enrol this device with the one-time code from the console, and no more')
    .requiredOption('--hub <url>', 'the hub, e.g. http://localhost:8080')
    .requiredOption('--code <code>', 'SP1-…')
    .option('--directory <dir>', "the lane's own directory", './lane')
    .action(async (options) => (await import('./commands/lane.ts')).enrolLane(options))
  lane
    .command('remove')
    .description('take a lane back: its key and its camera are forgotten here')
    .option('--directory <dir>', "the lane's own directory", './lane')
    .action(async (options) => (await import('./commands/lane-remove.ts')).removeLane(options))
}

function addAdding(lane: Command): void {
  lane
    .command('add')
    .description('add this lane: check its camera, enrol it, aim it, until a plate is read surely')
    .option('--rtsp <url>', 'rtsp://NAME@CAMERA/PATH; the password is asked for')
    .option('--video <file>', 'a video file instead')
    .option('--push <port>', 'pictures that a camera or program pushes instead', portNumber)
    .option('--source <spec>', 'any other source that lane run takes')
    .option('--hub <url>', 'the hub (default: the one signed in to)')
    .option('--code <code>', 'SP1-…, from Devices in the console; without it you are signed in')
    .option('--name <name>', 'name of the new lane, without --code')
    .option('--port <id>', 'port of entry that the hub must have, without --code')
    .option('--direction <in|out>', 'of the new lane, without --code', 'in')
    .option('--directory <dir>', "the lane's own directory", './lane')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
The password of a camera is asked for, or read from SALLYPORT_CAMERA_PASSWORD; it lies in camera.json of
the lane's directory, for its owner alone. Ended at any step, the same command goes on.`,
    )
    .action(async (options) => (await import('./commands/lane-add.ts')).addLane(options))
}

function addRunning(lane: Command): void {
  lane
    .command('run')
    .description('read plates, seal, spool and send until stopped')
    .option(
      '--source <spec>',
      'drawn:SEED | folder:DIR | push:PORT | mjpeg:URL | file:VIDEO | rtsp:URL | frigate:URL (default: the camera that lane add kept)',
    )
    .option('--rear <spec>', 'a second camera that sees the same vehicles from behind')
    .option(
      '--rear-wait <ms>',
      "how long one end of a vehicle waits for the other camera's (default: 1500)",
      wholeNumber,
    )
    .option('--directory <dir>', "the lane's own directory", './lane')
    .option('--hub <url>', 'the hub, when it moved since enrolment')
    .option(
      '--every <ms>',
      'wait between photographs of a folder or vehicles of a drawn camera',
      wholeNumber,
    )
    .option(
      '--push-token <secret>',
      'secret of a push source (default: made once, kept beside the device key)',
    )
    .option('--repeat', 'begin a folder again after its last photograph')
    .option('--faces', 'find and describe faces, sealed like the pictures; the lane compares none')
    .option('--face-model <dir>', 'a face model of your own (docs/faces.md)')
    .option(
      '--window <port>',
      'serve a page on 127.0.0.1 with the gauge, and the picture and plates while the hub is out of reach',
      wholeNumber,
    )
    .option(
      '--enclosure <file>',
      'reads 1 while the enclosure is open (FILE=0: reads 0 then); default: the mainboard’s own contact',
    )
    .action(async (options) => (await import('./commands/lane.ts')).runLane(options))
}
