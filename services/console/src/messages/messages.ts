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
