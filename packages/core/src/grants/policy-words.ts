/** What a policy that decided means to people. Its text is in `agency.cedar`, or was signed as a grant. */

export type PolicyReason = {
  readonly policy: string
  readonly effect: 'permit' | 'forbid'
  readonly words: string
}

const forbids: Readonly<Record<string, string>> = {
  'contractor-never-export': 'A contractor’s people never take copies away, whatever a grant says.',
  'contractor-never-train': 'A contractor’s people never train on pictures, whatever a grant says.',
  'contractor-needs-grant': 'A contractor’s people see nothing without a grant that names them.',
  'original-needs-second-person':
    'An original is shown to a contractor’s people when somebody of the agency agreed to this picture.',
  'supervised-needs-live-approval':
    'This contractor’s people work under supervision: somebody of the agency approves each opening live.',
  'contractor-view-of-another-class':
    'A view is cut from a picture of its own kind: a plate out of a scene or plate, never out of a face.',
}

const permits: Readonly<Record<string, string>> = {
  'officer-inspection':
    'An officer on shift may see what crossed this lane within the last hour, to inspect it.',
  secondary: 'Officers and supervisors may see a picture for secondary inspection.',
  review:
    'Officers and supervisors may see a picture whose plate waits for a person, and for an hour after.',
  investigation: 'A supervisor may see a picture for an investigation.',
  'subject-request': 'A privacy officer may see a picture to answer whom it shows.',
  audit: 'Privacy officers and auditors may see a picture for an audit.',
  incident: 'A responder may see a picture in an incident.',
}

/** In the order of `policies`. A policy that has no words here is named as it is. */
export function policyReasons(
  policies: readonly string[],
  decision: 'allow' | 'refuse',
): readonly PolicyReason[] {
  return policies.map((policy) => {
    const [, version] = /^grant\/[0-9a-f]{32}\/(\d+)$/.exec(policy) ?? []
    if (version !== undefined)
      return {
        policy,
        effect: 'permit',
        words: `Every term of the grant is met (version ${version}).`,
      }
    const forbidden = forbids[policy]
    if (forbidden !== undefined) return { policy, effect: 'forbid', words: forbidden }
    const effect = decision === 'allow' ? 'permit' : 'forbid'
    return { policy, effect, words: permits[policy] ?? `The policy “${policy}”.` }
  })
}
