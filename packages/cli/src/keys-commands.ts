/** Commands for the keystore of a hub. */

import type { Command } from 'commander'

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
    .option('--to <holder>', 'file, vault:<url> or aws-kms:<region> from now on')
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
}
