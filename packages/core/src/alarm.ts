/** What raises an alarm. The list is closed: every kind has a sentence that says what to do. */

export const alarmKinds = [
  'sequence_gap',
  'sequence_late',
  'sequence_conflict',
  'chain_broken',
  'lane_gap',
  'bad_signature',
  'unknown_device',
  'revoked_device',
  'wrong_lane',
  'body_mismatch',
  'unreadable_reads',
  'clock_skew',
  'clock_review',
  'camera_gone',
  'spool_filling',
  'lane_alarm',
  'lane_verdict_conflict',
  'device_silent',
  'epoch_expired',
  'clock_doubted',
  'witness_contradicts',
  'witness_silent',
  'delivery_disabled',
  'incident_reported',
  'release_overdue',
  'media_inserted',
  'enclosure_opened',
  'device_booted',
  'clock_stepped',
  'device_events_missing',
  'maintenance_overrun',
  'capture_in_maintenance',
] as const
export type AlarmKind = (typeof alarmKinds)[number]

export const alarmAdvice: Readonly<Record<AlarmKind, string>> = {
  sequence_gap:
    'Crossings of this device never arrived. Ask for its spool, and find out who had access to it.',
  sequence_late: 'A crossing arrived after later ones. Compare its times with the gap it fills.',
  sequence_conflict:
    'Two different crossings carry one sequence number. Revoke the device until this is explained.',
  chain_broken:
    'A crossing does not follow the one before it. The device key may be in use twice: revoke and enrol again.',
  lane_gap:
    'The lane dropped pictures: it had no room to keep them, or no key to seal them to. Restore its connection; reason and count are in the record.',
  bad_signature:
    'A bundle was signed by another key than the one enrolled. Somebody may be forging crossings.',
  unknown_device:
    'A device that was never enrolled tried to deliver. Enrol it, or find out what it is.',
  revoked_device: 'A revoked device still delivers. Take it off the network.',
  wrong_lane: 'A device delivered for a lane that is not its own.',
  body_mismatch: 'A sealed picture is not the one that was signed. It was changed on its way.',
  unreadable_reads:
    'The sealed reads of a crossing could not be opened or understood. The crossing is kept without its plate.',
  clock_skew: 'The clock of the device is off by more than 5 seconds. Check its time service.',
  clock_review:
    'The clock of the device is off by more than 5 minutes. Its crossings need review before times are relied on.',
  camera_gone: 'The lane has no picture. Check camera, cable and power.',
  spool_filling:
    'The lane cannot deliver and its spool fills up. Check the network between lane and hub.',
  lane_alarm: 'The lane reported trouble. See the detail.',
  lane_verdict_conflict:
    'A lane without the hub decided on a crossing that people decided on here meanwhile. What was decided here stands: open the crossing, read both, and correct it if the lane was right.',
  delivery_disabled:
    'Another system is no longer told of events: it failed for five days or wants none. Mend it and switch it on under Integrations; what waited goes out then, what happened meanwhile does not.',
  clock_doubted:
    'The clock of the hub went ahead, or nobody ran it for long. Until it is confirmed nothing is destroyed for its age, and lanes get no new keys to seal to: look at another clock, then confirm it under Retention or with sallyport keys clock.',
  incident_reported:
    'Somebody outside reported a suspicion. Open Incidents, read it, and take it up: clocks are running.',
  epoch_expired:
    'The key of a day was destroyed after 14 days although a device had not delivered all of it. What it still holds of that day opens for nobody: note the loss, and bring its link up.',
  media_inserted:
    'A drive or another thing was plugged in at the lane. What the lane keeps opens for nobody there; find out who did it and why, keep the drive, and quarantine the device until this is explained.',
  enclosure_opened:
    'The enclosure of the lane was opened. If no work order says so, send somebody and quarantine the device.',
  device_booted:
    "The lane's computer was started anew. If nobody of the agency did it, find out what ran meanwhile: the detail says from when on nobody looked.",
  clock_stepped:
    "The clock of the lane's computer was set. Times before and after do not follow each other; find out who set it.",
  device_events_missing:
    'Events that the device signed never arrived, or it signed two under one number. Somebody held one back, or its key is in use twice: look at the lane.',
  maintenance_overrun:
    'Work at a lane goes on past the time of its work order. Call whoever is there; the lane takes no pictures until somebody ends it.',
  capture_in_maintenance:
    'A lane in maintenance delivered what its camera saw. Its software is not what it should be: quarantine it.',
  release_overdue:
    'Copies that were handed over have expired, and nobody attested that they were returned or destroyed. Call the recipient, and write down what it signs under Releases.',
  device_silent: 'The device has not been heard of for a while. Check power and network.',
  witness_contradicts:
    'A witness has seen another history of this log, or more of it. Stop the hub and find out who put an older copy back, or who else has its key.',
  witness_silent:
    'A witness has not answered for a while. Receipts are without its signature until it does: call whoever runs it.',
}
