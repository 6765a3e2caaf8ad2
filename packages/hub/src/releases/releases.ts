/** Everything a hub does with releases, put together. */

import type { Alarms } from '../alarms.ts'
import { type Chaser, createChaser } from './attest.ts'
import type { ReleaseContext } from './context.ts'
import { createReleaseMaker, type ReleaseMaker } from './make.ts'

export type Releases = ReleaseMaker & Chaser & { readonly context: ReleaseContext }

export function createReleases(context: ReleaseContext, alarms: Alarms): Releases {
  return { ...createReleaseMaker(context), ...createChaser(context, alarms), context }
}
