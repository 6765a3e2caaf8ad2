/** Which releases wait for somebody. Pure. */

import type { Release } from './api.ts'

/** Whether this person could give the next approval, as far as the page can tell. */
export function waitsFor(release: Release, account: string): boolean {
  return (
    release.state === 'requested' &&
    !release.decisions.some(({ by, says }) => by.id === account && says !== 'making')
  )
}

/** Releases that want something done: approvals of this person, and copies that are overdue. */
export function wanting(releases: readonly Release[], account: string): number {
  return releases.filter((one) => waitsFor(one, account) || one.copies === 'overdue').length
}
