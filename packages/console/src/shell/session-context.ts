/** Who is signed in, for everything below the sign-in page. */

import type { Role } from '@sallyport/core/opening'
import { createContext, useContext } from 'react'

import type { Session } from '../api/types.ts'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('no session above this component')
  return session
}

/** The port's IANA zone; UTC before anybody is signed in. */
export function useZone(): string {
  return useContext(SessionContext)?.port.zone ?? 'UTC'
}

/** True when the person holds one of `roles`. The hub decides; this only hides what would be refused. */
export function useHolds(...roles: readonly Role[]): boolean {
  const held = useContext(SessionContext)?.account.roles ?? []
  return roles.some((role) => held.includes(role))
}

/** Whether this person may see crossings: an integrator keeps lanes running and sees none. */
export function useSeesCrossings(): boolean {
  return useHolds('officer', 'supervisor', 'privacy', 'auditor', 'responder')
}
