/** Commands of the watch list: plates, and travellers by a photograph. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'
import { hubOption } from './session/hub-option.ts'

export function addWatchCommands(program: Command): void {
  const watch = program.command('watch').description('plates and travellers that are looked for')
  watch
    .command('list')
    .description('entries of the watch list, newest first')
    .option('--state <state>', 'in_force, expired, withdrawn or any', 'in_force')
    .option('--plate <text>', 'any part of a plate, alike characters as one')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await import('./commands/watch.ts')).listEntries(options))
  watch
    .command('add')
    .description('show what an entry would accept; with --accepts put it in force')
    .argument('<plate>', 'letters and digits')
    .requiredOption('--issuer <name>', 'who looks for it')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--expires <time>', '2026-12-31, or 2026-12-31T12:00:00Z')
    .option('--jurisdiction <code>', 'us, us-ca, mx-bcn; without it any')
    .option('--tolerance <n>', 'characters that may be misread: 0, 1 or 2', wholeNumber, 1)
    .option('--accepts <n>', 'how many plates the preview showed', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (plate, options) =>
      (await import('./commands/watch.ts')).addEntry(plate, options),
    )
  watch
    .command('import')
    .description('check a CSV file of entries; with --accepts put all of it in force')
    .argument('<file>', 'columns plate, issuer, reason, expires_at; also jurisdiction, tolerance')
    .option('--accepts <n>', 'how many plates the check showed', wholeNumber)
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (file, options) =>
      (await import('./commands/watch.ts')).importEntries(file, options),
    )
  watch
    .command('withdraw')
    .description('withdraw an entry: it matches nothing from then on')
    .argument('<entry>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (entry, options) =>
      (await import('./commands/watch.ts')).withdrawEntry(entry, options),
    )
  addTravellerCommands(watch)
}

function addTravellerCommands(watch: Command): void {
  watch
    .command('travellers')
    .description('travellers who are looked for by a photograph, newest first')
    .option('--state <state>', 'in_force, expired, withdrawn or any', 'in_force')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) =>
      (await import('./commands/watch-travellers.ts')).listTravellers(options),
    )
  watch
    .command('traveller-add')
    .description('look for the person in a photograph from now on')
    .argument('<photograph>', 'JPEG, PNG or WebP of one person')
    .requiredOption('--issuer <name>', 'who looks for them')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--expires <time>', '2026-12-31, or 2026-12-31T12:00:00Z')
    .option('--name <name>', 'as far as it is known')
    .option('--born <day>', '1985-08-12; of children no entry is made')
    .option('--document <number>', 'number of their document')
    .option('--document-issuer <code>', 'who issued it, such as USA')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (photograph, options) =>
      (await import('./commands/watch-travellers.ts')).addTraveller(photograph, options),
    )
  watch
    .command('traveller-withdraw')
    .description('look for them no longer; photograph and template are gone')
    .argument('<entry>', 'its id')
    .requiredOption('--reason <text>', 'why')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (entry, options) =>
      (await import('./commands/watch-travellers.ts')).withdrawTraveller(entry, options),
    )
  watch
    .command('traveller-hits')
    .description('faces that wait for two people to look, newest first')
    .option('--judged', 'those that were judged')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) =>
      (await import('./commands/watch-travellers.ts')).listTravellerHits(options),
    )
}
