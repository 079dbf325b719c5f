import { computed, effect, signal } from '@preact/signals'
import { preferences } from '../preferences.ts'
import { en } from './en/index.ts'

/** The texts of a language; English is the model that other languages must match. */
export type Messages = typeof en

const chinese = signal<Messages | null>(null)

/** The language of the page: `en` or `zh`. */
export const language = computed<'en' | 'zh'>(() => {
  const wanted = preferences.value.language
  if (wanted !== 'system') return wanted
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
})

/** The variant of the language for dates and numbers: that of the browser if it has one, e.g. `en-US`. */
export const locale = computed<string>(() => {
  const own = navigator.languages?.find((one) => one.toLowerCase().startsWith(language.value))
  return own ?? (language.value === 'zh' ? 'zh-CN' : 'en-GB')
})

/** The texts of the page: `messages.value.jobs.title`. Chinese is loaded when it is first wanted. */
export const messages = computed<Messages>(() =>
  language.value === 'zh' && chinese.value !== null ? chinese.value : en,
)

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
  if (language.value !== 'zh' || chinese.peek() !== null) return
  import('./zh/index.ts').then(
    ({ zh }) => {
      chinese.value = zh
    },
    () => {
      // English stays, and the next change of the language tries again.
    },
  )
})
