import { Button, CopyButton, Modal } from '@mantine/core'
import { useEffect, useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import type { Invitation } from '../api/types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useAction } from '../shell/use-action.ts'

import './terminal-dialog.css'

/** A one-time link for oneself, to be signed in with the `sallyport` command as well. */
export function TerminalDialog(props: { readonly onClose: () => void }): ReactElement {
  const [link, setLink] = useState<Invitation | null>(null)
  const { busy, error, run } = useAction()
  const make = async (): Promise<void> =>
    setLink(await request<Invitation>('/v1/session/links', { method: 'POST' }))
  // A link that nobody sees any more is of no use to whoever comes next.
  useEffect(() => () => setLink(null), [])
  return (
    <Modal opened onClose={props.onClose} title="Sign in at a terminal" size="lg" centered>
      <div className="sp-terminal">
        <p>
          In the terminal run <code>npx sallyport sign-in</code> and paste a one-time link. Commands
          there act as you, with the same rights and in the same log, no longer than this session
          can last.
        </p>
        {error !== null && <FailureNote doing="No link was made" error={error} />}
        {link === null ? (
          <Button loading={busy} onClick={() => run(make)}>
            Make a link
          </Button>
        ) : (
          <>
            <pre className="sp-mono" role="status">
              {link.url}
            </pre>
            <div className="sp-terminal-row">
              <CopyButton value={link.url}>
                {({ copied, copy }) => (
                  <Button onClick={copy}>{copied ? 'Copied' : 'Copy link'}</Button>
                )}
              </CopyButton>
              <span className="sp-quiet">
                Works once, until <Instant at={link.expires_at} clock />. Whoever has it is you.
              </span>
            </div>
          </>
        )}
      </div>
    </Modal>
  )
}
