import { Modal } from '@mantine/core'
import { Fragment, type ReactElement } from 'react'

import { shortcuts, type Place } from '../keys/keymap.ts'

import './shortcut-help.css'

const places: readonly { readonly place: Place; readonly name: string }[] = [
  { place: 'live', name: 'Live' },
  { place: 'lists', name: 'Crossings and other lists' },
  { place: 'secondary', name: 'Secondary' },
  { place: 'crossing', name: 'A crossing' },
  { place: 'review', name: 'Review' },
  { place: 'stays', name: 'Stays' },
  { place: 'watch', name: 'Watch' },
  { place: 'everywhere', name: 'Everywhere' },
]

export function ShortcutHelp(props: {
  readonly opened: boolean
  readonly onClose: () => void
}): ReactElement {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title="Keyboard shortcuts"
      size="lg"
      centered
    >
      <div className="sp-help">
        {places.map(({ place, name }) => (
          <section key={place}>
            <h3>{name}</h3>
            <dl>
              {shortcuts
                .filter((one) => one.place === place)
                .map((one) => (
                  <Fragment key={one.action}>
                    <dt>
                      {one.keys.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{one.words}</dd>
                  </Fragment>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="sp-quiet sp-help-note">
        Enter opens what is focused, Esc closes what is on top. Single keys can be switched off in
        the account menu.
      </p>
    </Modal>
  )
}
