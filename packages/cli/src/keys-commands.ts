/** Commands for the keystore of a hub. */

import type { Command } from 'commander'

import { hubOption } from './session/hub-option.ts'

export function addKeysCommands(program: Command, wholeNumber: (text: string) => number): void {
  const keys = program
    .command('keys')
    .description('the keystore: what opens stored pictures, and the root that opens the keystore')
  keys
    .command('status')
    .description('keys by class, destructions that wait, and how the root is kept')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--settings <file>', 'settings file')
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/keys.ts')).status(options))
  keys
    .command('begin')
    .description('an empty keystore, where the old one is lost for good; the hub is stopped')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--settings <file>', 'settings file')
    .action(async (options) => (await import('./commands/keys.ts')).begin(options))
  keys
    .command('rotate')
    .description('another root, with or without a passphrase; the hub is stopped')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--settings <file>', 'settings file')
    .option('--passphrase', 'seal the new root with a passphrase, which is asked for')
    .option('--no-passphrase', 'let the new root lie in clear: the hub starts unattended')
    .option(
      '--to <holder>',
      'file, vault:<url>, aws-kms:<region> or pkcs11:<module>?token=<label> from now on',
    )
    .action(async (options) => (await import('./commands/keys.ts')).rotate(options))
  keys
    .command('ceremony')
    .description('split the root into shares, shown one at a time; the hub is stopped')
    .requiredOption('--shares <n>', 'how many shares', wholeNumber)
    .requiredOption('--threshold <k>', 'how many put the root together', wholeNumber)
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--settings <file>', 'settings file')
    .action(async (options) => (await import('./commands/keys-shares.ts')).ceremony(options))
  keys
    .command('recover')
    .description('put the root together from its shares; the hub is stopped')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--settings <file>', 'settings file')
    .option('--passphrase', 'seal it with a passphrase, which is asked for')
    .action(async (options) => (await import('./commands/keys-shares.ts')).recover(options))
  addDays(keys)
}

function addDays(keys: Command): void {
  const load = () => import('./commands/keys-days.ts')
  keys
    .command('days')
    .description('the days whose key is still there, and which lane each waits for')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).showDays(options))
  keys
    .command('lost')
    .description('give up what has not come of a day; two people make it so')
    .argument('<day>', 'YYYY-MM-DD, UTC')
    .option('--accept', 'what has not arrived will open for nobody')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (day, options) => (await load()).declareLost(day, options))
  keys
    .command('clock')
    .description('whether the hub believes its clock; say what time it is')
    .option('--is <time>', 'from another clock than the one of the hub')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (options) => (await load()).clock(options))
}
