/** Every key of the console: one table, read by the listener and by the help page. */

export type Place =
  | 'everywhere'
  | 'live'
  | 'secondary'
  | 'lists'
  | 'crossing'
  | 'review'
  | 'watch'
  | 'stays'

export type Shortcut = {
  /** One key, or two pressed one after the other. */
  readonly keys: readonly [string] | readonly [string, string]
  readonly action: Action
  readonly place: Place
  readonly words: string
}

export type Action =
  | 'go-live'
  | 'go-crossings'
  | 'go-contractors'
  | 'go-incidents'
  | 'go-releases'
  | 'go-leaks'
  | 'go-log'
  | 'go-review'
  | 'go-watch'
  | 'go-stays'
  | 'go-retention'
  | 'go-devices'
  | 'go-people'
  | 'go-integrations'
  | 'search'
  | 'help'
  | Choice
  | 'shift'
  | 'auto'
  | 'hand-over'
  | 'open'
  | 'close'
  | 'next'
  | 'previous'
  | 'refresh'
  | 'verify'
  | 'confirm'
  | 'correct'
  | 'unreadable'
  | 'undo'
  | 'admit'
  | 'refer'
  | 'opt-out'
  | 'open-faces'
  | 'go-secondary'
  | 'go-signs'
  | 'go-galleries'
  | 'go-calibrations'
  | 'hit-confirm'
  | 'hit-reject'

/** The number keys: lanes, or what to choose from. */
export type Choice = `choose-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`

export const shortcuts: readonly Shortcut[] = [
  { keys: ['1'], action: 'choose-1', place: 'live', words: 'First lane' },
  { keys: ['2'], action: 'choose-2', place: 'live', words: 'Second lane' },
  { keys: ['3'], action: 'choose-3', place: 'live', words: 'Third lane' },
  { keys: ['4'], action: 'choose-4', place: 'live', words: 'Fourth lane' },
  { keys: ['o'], action: 'open', place: 'live', words: 'Open the newest plate picture (logged)' },
  { keys: ['x'], action: 'close', place: 'live', words: 'Close the picture' },
  {
    keys: ['s'],
    action: 'shift',
    place: 'live',
    words: 'Start or end the shift at the chosen lane',
  },
  {
    keys: ['h'],
    action: 'hand-over',
    place: 'live',
    words: 'Hand one’s lane over, or take the chosen one over',
  },
  {
    keys: ['a'],
    action: 'auto',
    place: 'live',
    words: 'Open each newest plate by itself: on or off',
  },
  { keys: ['p'], action: 'admit', place: 'live', words: 'May pass (undo for 10 seconds)' },
  { keys: ['f'], action: 'refer', place: 'live', words: 'Refer to secondary, with a reason' },
  {
    keys: ['t'],
    action: 'opt-out',
    place: 'live',
    words: 'The traveller opts out: faces are dropped',
  },
  {
    keys: ['i'],
    action: 'open-faces',
    place: 'live',
    words: 'Open face and document photograph (logged)',
  },
  { keys: ['e'], action: 'correct', place: 'live', words: 'Type what the plate says' },
  { keys: ['u'], action: 'undo', place: 'live', words: 'Undo one’s last verdict' },
  { keys: ['j'], action: 'next', place: 'secondary', words: 'Next referral' },
  { keys: ['k'], action: 'previous', place: 'secondary', words: 'Previous referral' },
  {
    keys: ['o'],
    action: 'open',
    place: 'secondary',
    words: 'Open the next closed picture (logged)',
  },
  { keys: ['x'], action: 'close', place: 'secondary', words: 'Close the open pictures' },
  { keys: ['/'], action: 'search', place: 'lists', words: 'Search by plate' },
  { keys: ['j'], action: 'next', place: 'lists', words: 'Next row' },
  { keys: ['k'], action: 'previous', place: 'lists', words: 'Previous row' },
  { keys: ['r'], action: 'refresh', place: 'lists', words: 'Show what is new' },
  { keys: ['o'], action: 'open', place: 'crossing', words: 'Open the first closed picture' },
  { keys: ['v'], action: 'verify', place: 'crossing', words: 'Verify the receipt in this browser' },
  { keys: ['x'], action: 'close', place: 'crossing', words: 'Close the open pictures' },
  { keys: ['Enter'], action: 'confirm', place: 'review', words: 'Yes, that is what it says' },
  { keys: ['1'], action: 'choose-1', place: 'review', words: 'First other reading' },
  { keys: ['2'], action: 'choose-2', place: 'review', words: 'Second other reading' },
  { keys: ['3'], action: 'choose-3', place: 'review', words: 'Third other reading' },
  { keys: ['4'], action: 'choose-4', place: 'review', words: 'Fourth other reading' },
  { keys: ['5'], action: 'choose-5', place: 'review', words: 'Fifth other reading' },
  { keys: ['6'], action: 'choose-6', place: 'review', words: 'Sixth other reading' },
  { keys: ['7'], action: 'choose-7', place: 'review', words: 'Seventh other reading' },
  { keys: ['8'], action: 'choose-8', place: 'review', words: 'Eighth other reading' },
  { keys: ['9'], action: 'choose-9', place: 'review', words: 'Ninth other reading' },
  { keys: ['e'], action: 'correct', place: 'review', words: 'Type what it says' },
  { keys: ['n'], action: 'unreadable', place: 'review', words: 'Nobody can read it' },
  { keys: ['j'], action: 'next', place: 'review', words: 'Leave it and take the next' },
  { keys: ['u'], action: 'undo', place: 'review', words: 'Take the last verdict back' },
  { keys: ['o'], action: 'open', place: 'review', words: 'Open the next closed picture (logged)' },
  {
    keys: ['a'],
    action: 'auto',
    place: 'review',
    words: 'Open each plate picture by itself: on or off',
  },
  { keys: ['x'], action: 'close', place: 'review', words: 'Close the open pictures' },
  { keys: ['v'], action: 'verify', place: 'review', words: 'Verify the receipts in this browser' },
  { keys: ['j'], action: 'next', place: 'watch', words: 'Next possible match' },
  { keys: ['k'], action: 'previous', place: 'watch', words: 'Previous possible match' },
  { keys: ['o'], action: 'open', place: 'watch', words: 'Open the next closed picture (logged)' },
  { keys: ['x'], action: 'close', place: 'watch', words: 'Close the open pictures' },
  { keys: ['v'], action: 'verify', place: 'watch', words: 'Verify the receipts in this browser' },
  { keys: ['y'], action: 'hit-confirm', place: 'watch', words: 'It is this plate, or this person' },
  { keys: ['d'], action: 'hit-reject', place: 'watch', words: 'It is another' },
  { keys: ['j'], action: 'next', place: 'stays', words: 'Next stay' },
  { keys: ['k'], action: 'previous', place: 'stays', words: 'Previous stay' },
  { keys: ['/'], action: 'search', place: 'stays', words: 'History of a plate' },
  { keys: ['g', 'l'], action: 'go-live', place: 'everywhere', words: 'Live' },
  { keys: ['g', 'c'], action: 'go-crossings', place: 'everywhere', words: 'Crossings' },
  { keys: ['g', 'r'], action: 'go-review', place: 'everywhere', words: 'Review' },
  { keys: ['g', 'w'], action: 'go-watch', place: 'everywhere', words: 'Watch' },
  { keys: ['g', 'f'], action: 'go-secondary', place: 'everywhere', words: 'Secondary' },
  { keys: ['g', 'b'], action: 'go-signs', place: 'everywhere', words: 'Signs' },
  { keys: ['g', 'a'], action: 'go-galleries', place: 'everywhere', words: 'Galleries' },
  { keys: ['g', 'm'], action: 'go-calibrations', place: 'everywhere', words: 'Calibrations' },
  { keys: ['g', 't'], action: 'go-retention', place: 'everywhere', words: 'Retention' },
  { keys: ['g', 's'], action: 'go-stays', place: 'everywhere', words: 'Stays' },
  { keys: ['g', 'n'], action: 'go-contractors', place: 'everywhere', words: 'Contractors' },
  { keys: ['g', 'j'], action: 'go-incidents', place: 'everywhere', words: 'Incidents' },
  { keys: ['g', 'e'], action: 'go-releases', place: 'everywhere', words: 'Releases' },
  { keys: ['g', 'k'], action: 'go-leaks', place: 'everywhere', words: 'Copies found outside' },
  { keys: ['g', 'o'], action: 'go-log', place: 'everywhere', words: 'Log' },
  { keys: ['g', 'd'], action: 'go-devices', place: 'everywhere', words: 'Devices' },
  { keys: ['g', 'p'], action: 'go-people', place: 'everywhere', words: 'People' },
  { keys: ['g', 'i'], action: 'go-integrations', place: 'everywhere', words: 'Integrations' },
  { keys: ['?'], action: 'help', place: 'everywhere', words: 'All shortcuts' },
]

export const limits = {
  /** A first key of two is forgotten after this long. */
  sequenceMs: 1_500,
} as const

/** The first key of two, and when it was pressed (milliseconds of any steady clock). */
export type Pending = { readonly key: string; readonly at: number } | null

/** What one press means: an action, or a first key to remember, or nothing. */
export function press(
  pending: Pending,
  key: string,
  at: number,
): { readonly pending: Pending; readonly action: Action | null } {
  if (pending !== null && at - pending.at <= limits.sequenceMs) {
    const second = shortcuts.find(({ keys }) => keys[0] === pending.key && keys[1] === key)
    if (second !== undefined) return { pending: null, action: second.action }
  }
  const single = shortcuts.find(({ keys }) => keys.length === 1 && keys[0] === key)
  if (single !== undefined) return { pending: null, action: single.action }
  const first = shortcuts.some(({ keys }) => keys.length === 2 && keys[0] === key)
  return { pending: first ? { key, at } : null, action: null }
}

export type Pressed = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly repeat: boolean
  /** Lower-case element name of where the key went, and whether a dialog or editable text holds it. */
  readonly tag: string
  readonly editable: boolean
  readonly inDialog: boolean
}

/** True when a press belongs to the page and not to a field, a dialog or the browser. */
export function isForPage(pressed: Pressed): boolean {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return false
  if (pressed.editable || pressed.inDialog) return false
  if (['input', 'textarea', 'select'].includes(pressed.tag)) return false
  // On a button or link it presses that.
  if (pressed.key === 'Enter' && ['button', 'a', 'summary'].includes(pressed.tag)) return false
  // Holding a key walks a list, but must not open picture after picture.
  return !pressed.repeat || pressed.key === 'j' || pressed.key === 'k'
}
