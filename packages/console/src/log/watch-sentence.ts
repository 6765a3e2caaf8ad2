/** Entries about plates and travellers that are looked for, in words. */

import type { WatchLogEntry } from '@sallyport/proof/watch-entry'

export function watchSentence(entry: WatchLogEntry): string {
  switch (entry.kind) {
    case 'watch_entry_created':
      return 'a plate was put on the watch list. Which one does not stand in the log.'
    case 'watch_entry_withdrawn':
      return 'an entry of the watch list was withdrawn.'
    case 'watch_hit':
      return 'a crossing may be one that is looked for: a possible match, not confirmed.'
    case 'watch_hit_judged':
      return `a person ${entry.verdict} a possible match.`
    case 'traveller_sought':
      return 'a traveller is looked for by a photograph. Who it is does not stand in the log.'
    case 'traveller_sought_ended':
      return `a traveller is no longer looked for: the entry was ${entry.how === 'expired' ? 'over' : 'withdrawn'}, its template is gone.`
    case 'traveller_hit':
      return 'a face may be of somebody who is looked for: a possible match, which two people have to see.'
    case 'traveller_hit_judged':
      return 'a person said whether a face is of somebody who is looked for. What they said does not stand in the log.'
  }
}
