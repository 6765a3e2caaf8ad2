/** Commands that copy a hub away and bring it back. */

import type { Command } from 'commander'

import { wholeNumber } from './arguments.ts'

export function addBackupCommands(program: Command, log: Command): void {
  const backup = program
    .command('backup')
    .description(
      'copy rows, vault and log into a folder, sealed; beside a running hub or without it',
    )
    .argument('<folder>', 'where the backup lies; run again to add what is new')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--database-url <url>', 'PostgreSQL of the hub when it is not the embedded one')
    .option('--settings <file>', 'settings file')
    .option(
      '--final',
      'the last one: the hub is stopped and will go on only where this is restored',
    )
    .option('--json', 'one JSON object')
    .action(async (folder, options) =>
      (await import('./commands/backup.ts')).backup(folder, options),
    )
  // `backup list X --json`: the option is that of `list`.
  program.enablePositionalOptions()
  backup.enablePositionalOptions()
  backup
    .command('verify')
    .description('check every piece of a backup')
    .argument('<folder>', 'where the backup lies')
    .option('--identity <file>', "the agency's age identity: look into the pieces, too")
    .option('--signer <key>', 'key that must have signed; without it the one beside the backup')
    .option('--json', 'one JSON object')
    .action(async (folder, options) =>
      (await import('./commands/backup-check.ts')).verify(folder, options),
    )
  backup
    .command('list')
    .description('the snapshots of a backup')
    .argument('<folder>', 'where the backup lies')
    .option('--signer <key>', 'key that must have signed; without it the one beside the backup')
    .option('--json', 'one JSON object a line')
    .action(async (folder, options) =>
      (await import('./commands/backup-check.ts')).list(folder, options),
    )
  backup
    .command('prune')
    .description('remove old snapshots, and the pieces that no other needs')
    .argument('<folder>', 'where the backup lies')
    .requiredOption('--keep <n>', 'how many of the newest snapshots stay', wholeNumber)
    .option('--signer <key>', 'key that must have signed; without it the one beside the backup')
    .option('--json', 'one JSON object')
    .action(async (folder, options) =>
      (await import('./commands/backup-check.ts')).prune(folder, options),
    )

  program
    .command('restore')
    .description('bring a backup back into an empty directory, and check it')
    .argument('<folder>', 'where the backup lies')
    .requiredOption('--identity <file>', "the agency's age identity")
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--database-url <url>', 'an empty database; without it an embedded one is made')
    .option('--settings <file>', 'settings file')
    .option('--snapshot <n>', 'an older one than the newest', wholeNumber)
    .option('--signer <key>', 'key that must have signed; without it the one beside the backup')
    .option('--json', 'one JSON object a line')
    .action(async (folder, options) =>
      (await import('./commands/restore.ts')).restore(folder, options),
    )

  log
    .command('continue')
    .description('say how the log of a restored hub goes on, so that it does not fork')
    .option('--data <dir>', 'data directory (default ./data)')
    .option('--from <where>', 'take what is missing from a mirror, a URL or the old disk')
    .option(
      '--as <name>',
      'the rest is lost: go on as another log, which begins with the same entries',
    )
    .option('--json', 'one JSON object')
    .action(async (options) => (await import('./commands/log-continue.ts')).continueLog(options))
}
