import type { IncidentLogEntry } from '@sallyport/proof/incident-entry'

import { codeWords } from '../format/words.ts'

/** What an entry about a scope or an incident says, to a reader of the log. */
export function incidentSentence(entry: IncidentLogEntry): string {
  switch (entry.kind) {
    case 'scope_stated':
      return entry.revises === undefined
        ? 'a person was told the extent of a possible exposure. The numbers do not stand in the log.'
        : `version ${entry.version} of the extent of a possible exposure was stated.`
    case 'scope_faces_opened':
      return `${entry.faces} templates of faces were opened, in memory, to count the people of an exposure.`
    case 'scope_month_exported':
      return `the rows of ${entry.month.slice(0, 7)} were put aside, for a second engine to count.`
    case 'scope_recounted':
      return entry.outcome === 'agrees'
        ? 'a second engine counted an exposure again and came to the same numbers.'
        : 'a second engine counted an exposure again and came to OTHER numbers.'
    case 'incident_opened':
      return 'an incident was opened.'
    case 'incident_closed':
      return 'an incident was closed.'
    case 'incident_reported':
      return 'somebody from outside reported a suspicion.'
    case 'containment':
      return `something was cut off in an incident: ${codeWords(entry.act).toLowerCase()}.`
    case 'containment_lifted':
      return 'what was cut off in an incident was let back in.'
    case 'notice_sent':
      return `a notice went out: ${codeWords(entry.rule).toLowerCase()}.`
    case 'subject_request':
      return 'somebody was told what is held of a traveller. Of whom does not stand in the log.'
  }
}
