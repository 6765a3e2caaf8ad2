/** The console's own look on Mantine's parts: stone and petrol, system fonts, small corners. */

import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const sans =
  '-apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
const mono =
  'ui-monospace, "SF Mono", "Cascadia Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

const petrol: MantineColorsTuple = [
  '#e9f4f2',
  '#d3e8e5',
  '#a9d3cd',
  '#7cc5ba',
  '#5cc6b8',
  '#2f9e91',
  '#1b8378',
  '#116e65',
  '#0b5d56',
  '#084842',
]

const stone: MantineColorsTuple = [
  '#f6f8f7',
  '#eef1f0',
  '#e4e9e7',
  '#d3dad7',
  '#b9c4c0',
  '#93a29d',
  '#71817c',
  '#52625d',
  '#33423e',
  '#12201d',
]

const night: MantineColorsTuple = [
  '#e4ebe9',
  '#b6c4c0',
  '#92a39e',
  '#61736e',
  '#3a4845',
  '#293532',
  '#1a2422',
  '#131b1a',
  '#0c1211',
  '#070b0a',
]

/** Filled and light parts by our tokens: Mantine would keep white text on the pale accent of the dark. */
const variants: VariantColorsResolver = (input) => {
  const tone = input.color === 'red' ? 'bad' : 'accent'
  const isOurs = input.color === undefined || input.color === 'petrol' || input.color === 'red'
  if (isOurs && input.variant === 'filled') {
    return {
      background: `var(--sp-${tone})`,
      hover: `color-mix(in srgb, var(--sp-${tone}) 86%, var(--sp-ink))`,
      color: `var(--sp-${tone}-ink)`,
      border: '1px solid transparent',
    }
  }
  if (isOurs && (input.variant === 'light' || input.variant === 'subtle')) {
    return {
      background: input.variant === 'light' ? `var(--sp-${tone}-soft)` : 'transparent',
      hover: `color-mix(in srgb, var(--sp-${tone}-soft) 82%, var(--sp-${tone}))`,
      color: `var(--sp-${tone})`,
      border: '1px solid transparent',
    }
  }
  return defaultVariantColorsResolver(input)
}

export const theme = createTheme({
  colors: { petrol, gray: stone, dark: night },
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 4 },
  variantColorResolver: variants,
  black: '#12201d',
  fontFamily: sans,
  fontFamilyMonospace: mono,
  defaultRadius: 4,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: { fontFamily: sans, fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
})

/** Mantine's own variables, pointed at the tokens of `theme.css`. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--sp-surface)',
    '--mantine-color-text': 'var(--sp-ink)',
    '--mantine-color-dimmed': 'var(--sp-ink-3)',
    '--mantine-color-placeholder': 'var(--sp-ink-3)',
    '--mantine-color-error': 'var(--sp-bad)',
    '--mantine-color-anchor': 'var(--sp-accent)',
    '--mantine-color-default-border': 'var(--sp-line-strong)',
  },
  light: {},
  dark: {},
})
