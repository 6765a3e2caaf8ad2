/** The console's types of incidents, scopes and notices are the hub's schemas; the compiler decides. */

import type * as incidents from '@sallyport/hub/api/incident-schemas'
import type * as notices from '@sallyport/hub/api/notice-schemas'
import type * as scopes from '@sallyport/hub/api/scope-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/incidents/api.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  line: true satisfies Agree<Wire<typeof incidents.incidentLine>, console.IncidentLine>,
  incident: true satisfies Agree<Wire<typeof incidents.incident>, console.Incident>,
  contained: true satisfies Agree<Wire<typeof incidents.contained>, console.Contained>,
  scope: true satisfies Agree<Wire<typeof scopes.scope>, console.Scope>,
  recounted: true satisfies Agree<Wire<typeof scopes.recounted>, console.Recounted>,
  notices: true satisfies Agree<Wire<typeof notices.noticeBoard>, console.NoticeBoard>,
}

test('the console reads what the hub sends of incidents', () => {
  expect(Object.keys(agreements)).toHaveLength(6)
})
