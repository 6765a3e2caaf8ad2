/** The next place in a list of `count` rows, or null when there is none. Starts at an end, stops at the ends. */
export function stepPlace(here: number | null, by: 1 | -1, count: number): number | null {
  if (count === 0) return null
  if (here === null) return by === 1 ? 0 : count - 1
  return Math.min(count - 1, Math.max(0, here + by))
}

/** Moves the focus among the `data-row` links of a list; says where it went and of how many. */
export function moveFocus(
  list: HTMLElement | null,
  by: 1 | -1,
): { readonly place: number | null; readonly count: number } {
  const links = [...(list?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])]
  const here = links.findIndex((link) => link === document.activeElement)
  const place = stepPlace(here === -1 ? null : here, by, links.length)
  if (place !== null) links[place]?.focus()
  return { place, count: links.length }
}
