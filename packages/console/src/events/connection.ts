/** Whether the screen is live. The page never shows old data as if it were new. */

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly heardAt: Date }
  | { readonly kind: 'reconnecting'; readonly heardAt: Date | null }

export type ConnectionSignal =
  /** The stream is open, or something arrived on it or by an ordinary read. */
  | { readonly kind: 'heard'; readonly at: Date }
  | { readonly kind: 'opened'; readonly at: Date }
  | { readonly kind: 'lost' }

export const limits = {
  /** First wait before a stream that the browser gave up is opened again; doubles up to the last. */
  retryFirstMs: 1_000,
  retryLastMs: 15_000,
} as const

/** The next state. An ordinary read that succeeds moves 'data as of' on, but only a stream is live. */
export function nextConnection(state: Connection, signal: ConnectionSignal): Connection {
  switch (signal.kind) {
    case 'opened':
      return { kind: 'live', heardAt: signal.at }
    case 'heard':
      return state.kind === 'connecting' ? state : { ...state, heardAt: signal.at }
    case 'lost':
      return {
        kind: 'reconnecting',
        heardAt: state.kind === 'connecting' ? null : state.heardAt,
      }
  }
}

/** Milliseconds before try number `attempt` (from 0). */
export function retryMs(attempt: number): number {
  return Math.min(limits.retryLastMs, limits.retryFirstMs * 2 ** attempt)
}
