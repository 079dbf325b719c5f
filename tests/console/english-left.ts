import { en } from '../../services/console/src/messages/en/index.ts'
import { zh } from '../../services/console/src/messages/zh/index.ts'

/** English messages that Chinese has other words for. */
const english = new Set(differing(en, zh))

/** Those of the texts of a Chinese page that are English messages, or hold English words in a row. */
export function findEnglish(texts: readonly string[]): string[] {
  return texts.filter((text) => english.has(text) || /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text))
}

function differing(one: unknown, other: unknown): string[] {
  if (typeof one === 'string') return one === other ? [] : [one]
  if (typeof one !== 'object' || one === null) return []
  return Object.entries(one).flatMap(([name, value]) =>
    differing(value, (other as Readonly<Record<string, unknown>> | undefined)?.[name]),
  )
}
