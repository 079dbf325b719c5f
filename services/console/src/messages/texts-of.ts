import { computed, type ReadonlySignal } from '@preact/signals'
import { language } from './messages.ts'

/** The texts of a part that few people see, loaded with that part. Those that every page may need are in `messages`. */
export function textsOf<Texts>(languages: { readonly en: Texts; readonly zh: Texts }): ReadonlySignal<Texts> {
  return computed(() => languages[language.value])
}
