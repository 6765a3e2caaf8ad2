import { Component, type ReactNode } from 'react'

import { FailureNote } from './failure-note.tsx'

/** Keeps a fault in one page from taking the whole console; a new page starts afresh. */
export class ErrorBoundary extends Component<
  { readonly children: ReactNode },
  { readonly error: unknown }
> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <FailureNote
        doing="This page could not be drawn"
        error={this.state.error}
        onRetry={() => location.reload()}
      />
    )
  }
}
