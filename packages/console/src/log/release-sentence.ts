/** What entries about releases say, in words. */

import type { ReleaseLogEntry } from '@sallyport/proof/release-entry'

import { plural } from '../format/figures.ts'
import { codeWords } from '../format/words.ts'

export function releaseSentence(entry: ReleaseLogEntry): string {
  switch (entry.kind) {
    case 'recipient_added':
      return 'a key was added to which copies may be sealed. Whose it is does not stand in the log.'
    case 'recipient_revoked':
      return 'a key of a recipient was revoked: nothing is sealed to it any more.'
    case 'release_requested':
      return 'somebody asked that copies be handed over. To whom and of what does not stand in the log.'
    case 'release_approved':
      return 'another person approved a release.'
    case 'release_declined':
      return 'another person declined a release.'
    case 'release_refused':
      return `a step of a release was refused: ${codeWords(entry.code).toLowerCase()}.`
    case 'release_making':
      return 'a release that two had approved is being made: its pictures are opened from here on.'
    case 'release_made':
      return `${plural(entry.files, 'sealed file', 'sealed files')} of a release are ready for the recipient.`
    case 'release_failed':
      return `a release could not be made: ${codeWords(entry.code).toLowerCase()}. Nothing of it left.`
    case 'release_attested':
      return `a recipient’s word that its copies are ${entry.how} was written down.`
  }
}
