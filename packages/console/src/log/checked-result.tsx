import type { LogEntry } from '@sallyport/proof/entry'
import type { ReactElement } from 'react'

import { countWords, plural, shortHex } from '../format/figures.ts'
import { captureName, codeWords } from '../format/words.ts'
import { CheckIcon, CrossIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import type { CheckedReceipt } from './check-receipt.ts'
import { CheckSteps } from './check-steps.tsx'
import { faceSentence } from './face-sentence.ts'
import { incidentSentence } from './incident-sentence.ts'
import { releaseSentence } from './release-sentence.ts'
import { watchSentence } from './watch-sentence.ts'
import { windowSentence } from './window-sentence.ts'

/** The verdict, what the entry says, and each step that led there. */
export function CheckedResult(props: { readonly checked: CheckedReceipt }): ReactElement {
  const { checked } = props
  return (
    <div className="sp-checked" data-kind={checked.kind}>
      <div className="sp-checked-verdict">
        {checked.kind === 'verified' ? <CheckIcon size={24} /> : <CrossIcon size={24} />}
        {checked.kind === 'verified' ? (
          <div>
            <strong>Verified</strong>
            <span>
              Entry {countWords(checked.index)} stands in the signed log of{' '}
              {plural(checked.size, 'entry', 'entries')}.
            </span>
          </div>
        ) : (
          <div>
            <strong>Not verified</strong>
            <span>{checked.detail}</span>
          </div>
        )}
      </div>
      {checked.entry !== null && <EntryWords entry={checked.entry} />}
      <CheckSteps steps={checked.steps} />
    </div>
  )
}

type FieldValue = string | number | Extract<LogEntry, { readonly kind: 'crossing' }>['bodies']

/** What an entry says, in words; and its fields as they stand in it. */
function EntryWords(props: { readonly entry: LogEntry }): ReactElement {
  const { entry } = props
  const { v: _version, at: _at, kind: _kind, ...fields } = entry
  const rows: readonly (readonly [string, FieldValue])[] = Object.entries(fields)
  return (
    <div className="sp-entry">
      <p>
        <Instant at={entry.at} />: {sentence(entry)}
      </p>
      <dl className="sp-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{codeWords(name)}</dt>
            <dd className="sp-mono">
              {typeof value === 'string' || typeof value === 'number'
                ? value
                : value.map((body) => (
                    <div key={body.sha256}>
                      {body.class} {body.sha256}
                    </div>
                  ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function sentence(entry: LogEntry): string {
  switch (entry.kind) {
    case 'crossing':
      return `a crossing arrived with ${plural(entry.bodies.length, 'sealed body', 'sealed bodies')}.`
    case 'opening':
      return `a ${captureName(entry.class).toLowerCase()} picture was opened for ${codeWords(entry.purpose).toLowerCase()}.`
    case 'opening_refused':
      return `an opening for ${codeWords(entry.purpose).toLowerCase()} was refused: ${codeWords(entry.code).toLowerCase()}.`
    case 'device_enrolled':
      return `device ${shortHex(entry.device)} was enrolled.`
    case 'device_revoked':
      return `device ${shortHex(entry.device)} was revoked.`
    case 'account_created':
      return 'an account was made.'
    case 'account_changed':
      return 'an account was given other roles or another unit.'
    case 'session_started':
      return 'somebody signed in.'
    case 'alarm':
      return `an alarm was raised: ${codeWords(entry.alarm_kind).toLowerCase()}.`
    case 'verdict':
      return entry.says === 'withdrawn'
        ? 'a verdict on a plate was taken back.'
        : `somebody gave a verdict on a plate: ${codeWords(entry.says).toLowerCase()}.`
    case 'evaluation':
      return `the hub began to read ${plural(entry.labels, 'picture', 'pictures')} with verdicts, in memory, to count how well it reads.`
    case 'candidate_evaluation':
      return `a contractor's model began to read the plates of ${entry.set} inside the hub.`
    case 'candidate_reported':
      return 'counts of how well a contractor’s model read were made known.'
    case 'token_issued':
      return 'a token for the plate reader was made.'
    case 'token_revoked':
      return 'a token for the plate reader was revoked.'
    case 'reading':
      return 'the plate reader was asked with a token. What it read stands nowhere.'
    case 'subscription_started':
      return `another system is told of events, ${codeWords(entry.plates).toLowerCase()}, for ${codeWords(entry.purpose).toLowerCase()}.`
    case 'subscription_ended':
      return 'another system is no longer told of events.'
    case 'plate_sent':
      return 'the plate of a crossing was sent to another system.'
    case 'watch_entry_created':
    case 'watch_entry_withdrawn':
    case 'watch_hit':
    case 'watch_hit_judged':
    case 'traveller_sought':
    case 'traveller_sought_ended':
    case 'traveller_hit':
    case 'traveller_hit_judged':
      return watchSentence(entry)
    case 'recipient_added':
    case 'recipient_revoked':
    case 'release_requested':
    case 'release_approved':
    case 'release_declined':
    case 'release_refused':
    case 'release_making':
    case 'release_made':
    case 'release_failed':
    case 'release_attested':
      return releaseSentence(entry)
    case 'window_step':
    case 'lane_verdict':
    case 'handover':
    case 'face_basis':
      return windowSentence(entry)
    case 'retention_policy':
      return 'a person chose how long things are kept.'
    case 'hold_requested':
      return 'a person asked that something be kept from shredding. What it is does not stand in the log.'
    case 'hold_approved':
      return 'a second person approved a legal hold: it is in force.'
    case 'hold_lifted':
      return 'a legal hold was lifted.'
    case 'shred_requested':
      return `${plural(entry.bodies, 'sealed body', 'sealed bodies')} of class ${entry.class}, of ${entry.day}, will be shredded.`
    case 'shred_effective':
      return 'a shredding became effective: every holder confirmed that the key is gone.'
    case 'shred_stopped':
      return 'a shredding was stopped by a legal hold before anything was destroyed.'
    case 'scope_stated':
    case 'scope_faces_opened':
    case 'scope_month_exported':
    case 'scope_recounted':
    case 'incident_opened':
    case 'incident_closed':
    case 'incident_reported':
    case 'containment':
    case 'containment_lifted':
    case 'notice_sent':
    case 'subject_request':
      return incidentSentence(entry)
    case 'face_compared':
    case 'faces_forgotten':
    case 'gallery_opened':
    case 'gallery_changed':
    case 'gallery_ended':
    case 'frequent_rule':
    case 'face_calibration':
    case 'face_calibration_reported':
      return faceSentence(entry)
    case 'leak_search':
      return 'Somebody began to search files from outside for copies of stored pictures.'
    case 'leak_comparison':
      return 'Stored pictures were opened, inside the hub only, and compared with a file from outside.'
    case 'leak_search_ended':
      return `A search of ${entry.files} files from outside ended: ${entry.ours} are the agency's, ${entry.unsure} are unsure.`
    case 'stay_statement':
      return entry.says === 'withdrawn'
        ? 'a statement about an entry or exit was taken back.'
        : `a person stated something about an entry or exit: ${codeWords(entry.says).toLowerCase()}.`
    case 'passenger_list_imported':
      return `a passenger list of ${plural(entry.travellers, 'traveller', 'travellers')} was imported.`
    case 'stay_rules':
      return 'stays are computed under other rules from here on.'
    case 'restored':
      return entry.how === 'renamed'
        ? 'the hub was restored from a backup. This log goes on from an older one of another name.'
        : 'the hub was restored from a backup.'
    case 'device_event':
      return `a lane signed what happened to it: ${codeWords(entry.what).toLowerCase()}.`
    case 'device_attested':
      return 'the computer of a lane was attested for a hand-over.'
    case 'maintenance_ordered':
      return 'a work order for a lane was written.'
    case 'maintenance_begun':
      return 'a second person let the work at a lane begin.'
    case 'maintenance_over':
      return 'the work at a lane was ended.'
    case 'day_closed':
      return 'a lane said that its day is closed, and how far it came.'
    case 'epochs_rotated':
      return `the keys that lanes seal to were replaced from ${entry.from} on.`
    case 'epoch_destroyed':
      return 'the key of a day at the port was destroyed: nothing that is still sealed to it opens.'
    case 'epoch_rest_lost':
      return 'two people gave up what lanes still held of a day.'
    case 'clock_confirmed':
      return 'a person said what time it is, and the hub believed its clock again.'
    case 'keystore_opened':
      return 'the hub opened its keystore.'
    case 'kek_created':
      return 'a key for the pictures of a class and day was made.'
    case 'kek_destruction_requested':
      return 'the destruction of a key was asked for.'
    case 'kek_destroyed':
      return 'a key was destroyed, and everybody who held it confirmed it.'
    case 'root_shared':
      return 'the root key was split into shares.'
    case 'root_recovered':
      return 'the root key was put together from its shares.'
    case 'root_replaced':
      return 'the root key was replaced by another.'
    case 'equipment_assessed':
      return 'somebody looked at equipment of a contractor.'
    case 'grant_proposed':
      return 'a grant for a contractor was proposed.'
    case 'grant_signed':
      return 'a second person signed a grant: it is in force.'
    case 'grant_revoked':
      return 'a grant was revoked.'
    case 'seconding_answered':
      return 'a person said whether a contractor may see one picture.'
    case 'supervision_set':
      return 'a contractor was put under supervision: each opening and act is approved live.'
    case 'supervised_act_answered':
      return 'a person said whether somebody of a supervised contractor may do one thing.'
    case 'supervision_lifted':
      return 'a second person ended the supervision of a contractor.'
    case 'log_started':
      return 'the log began.'
  }
}
