/**
 * What people of a contractor under supervision may ask of the hub. Every route that a person without roles reaches
 * stands here; one that does not is refused to them.
 */

import type { SupervisedAct } from '@sallyport/proof/grant-entry'

/**
 * `own`: reads of what they did and may do, which show nothing of a crossing, and leaving. `picture`: held by the
 * openings themselves (`live.ts`). `refused`: not while they are supervised. Else the act that waits for a live approval.
 */
type Way = 'own' | 'picture' | 'refused' | SupervisedAct

const ways: Readonly<Record<string, Way>> = {
  'GET /v1/session': 'own',
  'DELETE /v1/session': 'own',
  'GET /v1/grants': 'own',
  'GET /v1/grants/{grant}/openings': 'own',
  'GET /v1/policy': 'own',
  'POST /v1/policy/decisions': 'own',
  'GET /v1/secondings': 'own',
  'GET /v1/supervised-acts': 'own',
  // Without its reports.
  'GET /v1/candidate-evaluations': 'own',
  // The log and its witnesses are for everybody.
  'GET /v1/log/receipts/{index}': 'own',
  'GET /v1/log/witnesses': 'own',
  // Makes a challenge; what is done with it waits.
  'POST /v1/passkeys/registration/options': 'own',
  'POST /v1/captures/{capture}/openings': 'picture',
  'POST /v1/captures/{capture}/secondings': 'refused',
  // The agency starts them, with the model that the party hands over.
  'POST /v1/candidate-evaluations': 'refused',
  'POST /v1/releases': 'refused',
  'POST /v1/releases/{release}/answer': 'refused',
  'POST /v1/releases/{release}/making': 'refused',
  'GET /v1/candidate-evaluations/{evaluation}': 'read_report',
  'GET /v1/traffic-shapes/{month}': 'read_traffic_shape',
  'POST /v1/session/links': 'make_link',
  'POST /v1/session/provider/attempts': 'connect_sign_in',
  'POST /v1/passkeys/registration/verify': 'add_passkey',
}

/** `path` as the API's document writes it: `/v1/grants/{grant}/openings`. */
export function supervisedWay(method: string, path: string): Way {
  return ways[`${method} ${path}`] ?? 'refused'
}
