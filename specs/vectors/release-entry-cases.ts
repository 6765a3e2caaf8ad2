/** One entry of every kind about releases. */

import type { LogEntry } from '@sallyport/proof/entry'

export function releaseExamples(
  head: { readonly v: 1; readonly at: string },
  id: () => string,
  hash: () => string,
  by: string,
): readonly LogEntry[] {
  const [release, recipient] = [id(), id()]
  const decided = { release, by, policies: ['release-request'], policy_set: hash() }
  return [
    { ...head, kind: 'recipient_added', recipient, key: hash(), by },
    { ...head, kind: 'recipient_revoked', recipient, key: hash(), by },
    { ...head, kind: 'release_requested', ...decided, terms: hash() },
    { ...head, kind: 'release_approved', ...decided, policies: ['release-approve'] },
    { ...head, kind: 'release_declined', ...decided, policies: [] },
    { ...head, kind: 'release_making', ...decided, policies: ['release-make'] },
    {
      ...head,
      kind: 'release_refused',
      ...decided,
      policies: ['requester-never-approves'],
      step: 'approve_release',
      code: 'approves_own_request',
    },
    { ...head, kind: 'release_made', release, manifest_sha256: hash(), files: 12 },
    { ...head, kind: 'release_failed', release: id(), code: 'picture_not_markable' },
    { ...head, kind: 'release_attested', release, how: 'destroyed', statement: hash(), by },
  ]
}
