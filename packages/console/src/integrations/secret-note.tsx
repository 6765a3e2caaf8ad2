import { Button, CopyButton } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'

export type ShownSecret = { readonly name: string; readonly value: string }

/** Secrets that are shown this once. */
export function SecretNote(props: {
  readonly children: ReactNode
  readonly secrets: readonly ShownSecret[]
}): ReactElement {
  return (
    <div className="sp-secret" role="status">
      <p>{props.children} It is shown this once; hand it over by a way you trust.</p>
      {props.secrets.map(({ name, value }) => (
        <div key={name} className="sp-secret-row">
          <span>{name}</span>
          <pre className="sp-mono">{value}</pre>
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? 'Copied' : `Copy ${name.toLowerCase()}`}
              </Button>
            )}
          </CopyButton>
        </div>
      ))}
    </div>
  )
}
