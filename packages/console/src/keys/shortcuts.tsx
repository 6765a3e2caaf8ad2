/** Listens to the keyboard once and hands each action to the page that offers it. */

import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  type ReactElement,
  type ReactNode,
} from 'react'

import { isForPage, press, type Action, type Pending, type Pressed } from './keymap.ts'

export type Handlers = Partial<Readonly<Record<Action, () => void>>>

type Registry = {
  readonly add: (handlers: { readonly current: Handlers }) => () => void
}

const RegistryContext = createContext<Registry | null>(null)

export function ShortcutProvider(props: {
  readonly enabled: boolean
  readonly children: ReactNode
}): ReactElement {
  const { enabled } = props
  const stack = useRef<{ readonly current: Handlers }[]>([])
  const registry = useMemo<Registry>(
    () => ({
      add: (handlers) => {
        stack.current = [...stack.current, handlers]
        return () => {
          stack.current = stack.current.filter((one) => one !== handlers)
        }
      },
    }),
    [],
  )
  useEffect(() => {
    if (!enabled) return undefined
    let pending: Pending = null
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isForPage(describe(event))) return
      const result = press(pending, event.key, event.timeStamp)
      pending = result.pending
      if (result.action === null) return
      // The page mounted last is asked first.
      for (const handlers of stack.current.toReversed()) {
        const handler = handlers.current[result.action]
        if (handler === undefined) continue
        event.preventDefault()
        handler()
        return
      }
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [enabled])
  return <RegistryContext value={registry}>{props.children}</RegistryContext>
}

/** Offers actions while the calling component is mounted. Handlers may change on every render. */
export function useShortcuts(handlers: Handlers): void {
  const registry = useContext(RegistryContext)
  const current = useRef(handlers)
  useEffect(() => {
    current.current = handlers
  })
  useEffect(() => registry?.add(current), [registry])
}

function describe(event: KeyboardEvent): Pressed {
  const target = event.target instanceof HTMLElement ? event.target : null
  const owner =
    target?.closest('[role="dialog"],[role="menu"],[role="listbox"]') ??
    document.querySelector('[role="dialog"][aria-modal="true"]')
  return {
    key: event.key,
    ctrlKey: event.ctrlKey,
    metaKey: event.metaKey,
    altKey: event.altKey,
    repeat: event.repeat,
    tag: target?.tagName.toLowerCase() ?? '',
    editable: target?.isContentEditable ?? false,
    inDialog: owner !== null,
  }
}
