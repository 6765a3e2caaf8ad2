/** Commands of marks: whose copy a picture is. */

import type { Command } from 'commander'

const keyOption = [
  '--key <file>',
  'the keys that mark, a line a month',
  './data/keys/marks',
] as const

export function addMarksCommands(program: Command): void {
  const marks = program
    .command('marks')
    .description('write a release id into a copy unseen, and read whose copy a picture is')
  marks
    .command('write')
    .description('mark a copy')
    .argument('<file>', 'the picture')
    .requiredOption('--code <hex16>', 'the release id: 16 hexadecimal digits')
    .requiredOption('-o, --output <file>', 'the marked copy, .png or .jpg')
    .option(...keyOption)
    .option('--json', 'one JSON object')
    .action(async (file, options) => (await import('./commands/marks.ts')).write(file, options))
  marks
    .command('read')
    .description('the release id that a copy carries')
    .argument('<file>', 'the picture')
    .option(...keyOption)
    .option('--original <file>', 'the picture that was marked: reads smaller and worse copies')
    .option('--among <file>', 'release ids, one a line: which of them went into a mixed copy')
    .option('--json', 'one JSON object: code, score, false_positive_bound')
    .action(async (file, options) => (await import('./commands/marks.ts')).read(file, options))
}
