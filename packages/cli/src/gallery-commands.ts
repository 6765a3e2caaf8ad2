/** Commands about galleries of expected people. */

import type { Command } from 'commander'

import { addFrequentCommands } from './frequent-commands.ts'
import { hubOption } from './session/hub-option.ts'

export function addGalleryCommands(program: Command): void {
  const gallery = program
    .command('gallery')
    .description('who is expected where and when, with photographs that a hub describes')
  const load = () => import('./commands/gallery.ts')
  gallery
    .command('make')
    .description('make a gallery of a passenger list; nobody is found in it without photographs')
    .argument('<list>', 'id of a passenger list, as "manifest list" shows it')
    .requiredOption('--name <text>', 'what people call it')
    .requiredOption('--opens <instant>', 'from when faces are looked for, 2026-11-22T08:00:00Z')
    .requiredOption('--expires <instant>', 'when it ends and its templates go')
    .option('--gate <lane...>', 'lanes of a flight; without them it is searched at every lane')
    .option('--direction <way>', 'in or out: at gates arrival or boarding')
    .option(...hubOption)
    .option('--json', 'one JSON object')
    .action(async (list, options) => (await load()).makeGallery(list, options))
  gallery
    .command('photos')
    .description('send document photographs; each is answered')
    .argument('<gallery>', 'its id')
    .argument('<path...>', 'pictures named after document numbers, or folders of them')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (id, paths, options) => (await load()).sendPhotos(id, paths, options))
  gallery
    .command('list')
    .description('galleries, and what faces are compared with')
    .option(...hubOption)
    .option('--json', 'one JSON object a line')
    .action(async (options) => (await load()).listGalleries(options))
  gallery
    .command('end')
    .description('end a gallery before its time: its templates and photographs are gone')
    .argument('<gallery>', 'its id')
    .option(...hubOption)
    .action(async (id, options) => (await load()).endGallery(id, options))
  addFrequentCommands(gallery)
}
