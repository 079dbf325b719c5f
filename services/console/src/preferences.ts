import { effect, signal } from '@preact/signals'

/** The settings of this browser. */
export type Preferences = {
  readonly theme: 'system' | 'light' | 'dark'
  readonly language: 'system' | 'en' | 'zh'
  /** Softens every thumbnail, for those who see disturbing pictures all day. */
  readonly soften: 'off' | 'grey' | 'blur' | 'both' | 'still'
  readonly times: 'relative' | 'absolute'
  /** Whether single keys are shortcuts (WCAG 2.1.4). */
  readonly singleKeys: boolean
  readonly autoAdvance: boolean
  /** How a library shows its videos. */
  readonly videoView: 'grid' | 'table'
}

const KEY = 'kinoprint'
const defaults: Preferences = {
  theme: 'system',
  language: 'system',
  soften: 'off',
  times: 'relative',
  singleKeys: true,
  autoAdvance: true,
  videoView: 'grid',
}

export const preferences = signal<Preferences>(read())

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  preferences.value = { ...preferences.value, [name]: value }
}

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return { ...defaults, ...(typeof stored === 'object' ? stored : {}) }
  } catch {
    return defaults
  }
}

effect(() => {
  const { theme, soften } = preferences.value
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.value))
  } catch {
    // Storage is blocked: the settings last as long as the page.
  }
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  dataset.soften = soften
})
