import { Menu } from '@mantine/core'
import { type ReactElement, useLayoutEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'

import { fitting } from './fitting.ts'
import { MoreIcon } from './icons.tsx'

export type PageItem = {
  readonly href: string
  readonly name: string
  readonly Icon: (props: { readonly size?: number }) => ReactElement
  /** What waits there, for a badge. */
  readonly count: { readonly count: number; readonly words: string } | null
}

const limits = {
  /** More than this is told as 'more': a bar is no place for figures. */
  counted: 999,
} as const

/**
 * Links to pages: as many as fit, the rest behind "More". In the bar on wide screens; fixed to the lower
 * edge, under the thumb, on narrow ones.
 */
export function PageRow(props: { readonly items: readonly PageItem[] }): ReactElement {
  const { items } = props
  const [location] = useLocation()
  const row = useRef<HTMLElement>(null)
  const measure = useRef<HTMLDivElement>(null)
  const shown = useFitting(items, row, measure)
  const isHere = (href: string): boolean =>
    href === '/' ? location === '/' : location.startsWith(href)
  const rest = items.slice(shown)
  return (
    <nav className="sp-pages" aria-label="Pages" ref={row}>
      {items.slice(0, shown).map(({ href, name, Icon, count }) => (
        <Link key={href} href={href} aria-current={isHere(href) ? 'page' : undefined}>
          <Icon />
          <span>{name}</span>
          <Count of={count} />
        </Link>
      ))}
      {rest.length > 0 && <MorePages items={rest} isHere={isHere} />}
      <div className="sp-pages-measure" aria-hidden="true" ref={measure}>
        {[...items, { href: 'more', name: 'More', count: sumOf(items) }].map((item) => (
          <span key={item.href} className="sp-pages-item" data-name={item.name}>
            {item.count !== null && item.count.count > 0 && (
              <span className="sp-pages-count" data-name={shortCount(item.count.count)} />
            )}
          </span>
        ))}
      </div>
    </nav>
  )
}

function MorePages(props: {
  readonly items: readonly PageItem[]
  readonly isHere: (href: string) => boolean
}): ReactElement {
  const { items, isHere } = props
  return (
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <button
          type="button"
          className="sp-pages-item"
          data-here={items.some(({ href }) => isHere(href)) || undefined}
        >
          <MoreIcon />
          <span>More</span>
          <span className="sp-unseen"> pages</span>
          <Count of={sumOf(items)} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ href, name, Icon, count }) => (
          <Menu.Item
            key={href}
            component={Link}
            href={href}
            leftSection={<Icon />}
            rightSection={<Count of={count} />}
            aria-current={isHere(href) ? 'page' : undefined}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** How many items fit now. All of them are laid out unseen, so that none has to be shown to be measured. */
function useFitting(
  items: readonly PageItem[],
  row: React.RefObject<HTMLElement | null>,
  measure: React.RefObject<HTMLElement | null>,
): number {
  const [shown, setShown] = useState(items.length)
  const key = items.map(({ href, count }) => `${href} ${count?.count ?? 0}`).join()
  useLayoutEffect(() => {
    const [bar, line] = [row.current, measure.current]
    if (bar === null || line === null) return undefined
    const look = (): void => {
      const widths = Array.from(line.children, (one) => one.getBoundingClientRect().width)
      const more = widths.pop() ?? 0
      const gap = Number.parseFloat(getComputedStyle(line).columnGap) || 0
      // A fraction of a pixel is rounding, not room that is missing.
      setShown(fitting(widths, bar.clientWidth + 0.5, { gap, more }))
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(bar)
    observer.observe(line)
    return () => observer.disconnect()
  }, [key, row, measure])
  return Math.min(shown, items.length)
}

function sumOf(items: readonly PageItem[]): PageItem['count'] {
  const count = items.reduce((sum, item) => sum + (item.count?.count ?? 0), 0)
  return { count, words: 'wait' }
}

function shortCount(count: number): string {
  return count > limits.counted ? `${limits.counted}+` : String(count)
}

function Count(props: { readonly of: PageItem['count'] }): ReactElement | null {
  const { of: waiting } = props
  if (waiting === null || waiting.count === 0) return null
  return (
    <span className="sp-pages-count">
      <span className="sp-unseen"> </span>
      {shortCount(waiting.count)}
      <span className="sp-unseen"> {waiting.words}</span>
    </span>
  )
}
