import { Menu, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import { roleWords } from '../format/words.ts'
import { registerPasskey } from '../session/passkeys.ts'
import { leaveForProvider, providerQuery } from '../session/provider.ts'
import { TerminalDialog } from '../session/terminal-dialog.tsx'
import { notifyDone, notifyFailure } from './notify.ts'
import { useSession } from './session-context.ts'

/** Who is signed in, how the console looks and behaves here, and the way out. */
export function AccountMenu(props: {
  readonly shortcuts: boolean
  readonly onShortcuts: (on: boolean) => void
  /** Absent where there are no shortcuts to learn. */
  readonly onHelp?: () => void
}): ReactElement {
  const session = useSession()
  const [opened, setOpened] = useState(false)
  const [terminal, setTerminal] = useState(false)
  const roles = session.account.roles.map((role) => roleWords[role]?.name ?? role).join(', ')

  const provider = useQuery(providerQuery).data?.provider ?? null
  const { signOut, addPasskey, connect } = useAccountActions()

  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-end" width={272} shadow="md">
        <Menu.Target>
          <button type="button" className="sp-account">
            <span className="sp-account-initials" aria-hidden="true">
              {initials(session.account.name)}
            </span>
            <span className="sp-account-name">{session.account.name}</span>
            <span className="sp-unseen">Account menu</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <div className="sp-account-who">
            <strong>{session.account.name}</strong>
            <span className="sp-quiet">{roles}</span>
          </div>
          <Menu.Divider />
          <ThemeChoice />
          <div className="sp-account-row">
            <Switch
              size="sm"
              label="Single-key shortcuts"
              checked={props.shortcuts}
              onChange={(event) => props.onShortcuts(event.currentTarget.checked)}
            />
          </div>
          <Menu.Divider />
          {props.onHelp !== undefined && (
            <Menu.Item onClick={props.onHelp} rightSection={<kbd>?</kbd>}>
              Keyboard shortcuts
            </Menu.Item>
          )}
          <Menu.Item onClick={() => void addPasskey()}>
            {session.passkeys === 0 ? 'Add a passkey' : 'Add another passkey'}
          </Menu.Item>
          {provider !== null && !provider.connected && (
            <Menu.Item onClick={() => void connect()}>Connect with {provider.name}</Menu.Item>
          )}
          <Menu.Item onClick={() => setTerminal(true)}>Sign in at a terminal</Menu.Item>
          <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {terminal && <TerminalDialog onClose={() => setTerminal(false)} />}
    </>
  )
}

function ThemeChoice(): ReactElement {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <div className="sp-account-row">
      <span className="sp-label" id="theme-label">
        Theme
      </span>
      <SegmentedControl
        aria-labelledby="theme-label"
        size="xs"
        fullWidth
        withItemsBorders={false}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
        data={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'auto', label: 'Auto' },
        ]}
      />
    </div>
  )
}

function useAccountActions() {
  const client = useQueryClient()
  const signOut = async (): Promise<void> => {
    try {
      await request('/v1/session', { method: 'DELETE' })
    } catch (error) {
      notifyFailure('Signing out failed', error)
      return
    }
    // A full load drops everything this page held in memory.
    client.clear()
    location.assign('/sign-in')
  }
  const addPasskey = async (): Promise<void> => {
    try {
      await registerPasskey()
      await client.invalidateQueries({ queryKey: keys.session })
      notifyDone('Passkey added', 'Next time, sign in with it.')
    } catch (error) {
      notifyFailure('The passkey was not added', error)
    }
  }
  const connect = async (): Promise<void> => {
    try {
      await leaveForProvider(location.pathname + location.search, true)
    } catch (error) {
      notifyFailure('The account was not connected', error)
    }
  }
  return { signOut, addPasskey, connect }
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.charAt(0).toUpperCase() ?? '')
    .join('')
}
