/** `.option(...hubOption)`: which hub a command asks. Apart from the session, so that help loads nothing. */
export const hubOption = [
  '--hub <url>',
  'the hub (default: SALLYPORT_HUB, or the one signed in to last)',
] as const
