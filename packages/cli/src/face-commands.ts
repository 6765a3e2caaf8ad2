/** Commands about faces in pictures. They ask no hub, but for a calibration on what one holds. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'

export function addFaceCommands(program: Command): void {
  program
    .command('faces')
    .description('faces in pictures, with their quality')
    .argument('<path...>', 'pictures, or folders of pictures')
    .option('--model <dir>', 'a face model of your own (docs/faces.md)')
    .option('--data <dir>', 'where converted networks are kept', './data')
    .option('--json', 'one JSON object a line')
    .action(async (paths, options) => (await import('./commands/faces.ts')).faces(paths, options))
  program
    .command('compare')
    .description('whether two pictures show one person: match, no_match, unsure or no_face')
    .argument('<a>', 'a picture; with --pairs the folder of the pictures')
    .argument('[b]', 'the other picture')
    .option('--pairs <file>', 'CSV with columns a and b')
    .option('--calibration <file>', 'of "sallyport calibrate", for this model and camera')
    .option('--vkey <key>', 'whose signature the calibration must have')
    .option('--camera-class <name>', 'the class that the calibration must be for')
    .option('--profile <name>', 'evaluation, or production: it demands a calibration', 'evaluation')
    .option('--model <dir>', 'a face model of your own (docs/faces.md)')
    .option('--data <dir>', 'where converted networks are kept', './data')
    .option('--json', 'one JSON object a line')
    .action(async (a, b, options) => (await import('./commands/compare.ts')).compare(a, b, options))
  program
    .command('calibrate')
    .description('measure on known people what a distance means, for one model and class of camera')
    .argument('[dir]', 'a folder for each person, or pictures named Person_0001.jpg')
    .option('--vault', 'on crossings that people confirmed, at a hub; no picture is opened')
    .option('--purpose <name>', 'with --vault: evaluation, or audit of what is in service')
    .option(...hubOption)
    .option('--json', 'with --vault: one JSON object')
    .option('--pairs <file>', 'CSV with columns a, b, same and perhaps fold and group')
    .option('--camera-class <name>', 'what the pictures were taken with (default any)')
    .option('--name <text>', 'what the pictures were, in words')
    .option('--fmr <share>', 'strangers of one comparison that may match (default 0.001)')
    .option('--fpir <share>', 'searches without a mate that may match (default 0.01)')
    .option('--fnmr <share>', 'pictures of one person that may be called no match (default 0.01)')
    .option('--sign <file>', 'sign with this note key (PRIVATE+KEY+…)')
    .option('-o, --output <path>', 'the calibration; without it stdout. With --vault a folder')
    .option('--model <dir>', 'a face model of your own (docs/faces.md)')
    .option('--data <dir>', 'where converted networks are kept', './data')
    .action(async (dir, options) =>
      options.vault === true
        ? (await import('./commands/calibrate-vault.ts')).calibrateVault(dir, options)
        : (await import('./commands/calibrate.ts')).calibrate(dir, options),
    )
}
