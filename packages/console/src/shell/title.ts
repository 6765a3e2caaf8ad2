import { useEffect } from 'react'

/** Names the page in the tab and for screen readers. */
export function useTitle(name: string): void {
  useEffect(() => {
    document.title = `${name} · Sallyport`
  }, [name])
}
