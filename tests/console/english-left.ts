import { readdirSync } from 'node:fs'

const MESSAGES = new URL('../../services/console/src/messages/', import.meta.url)

/** English messages that Chinese has other words for. */
const english = new Set<string>()
/** Some are the same in both languages, such as API, beside others that are not. */
const chinese = new Set<string>()
for (const file of readdirSync(new URL('en/', MESSAGES))) {
  const [en, zh]: readonly unknown[] = await Promise.all([
    import(new URL(`en/${file}`, MESSAGES).href),
    import(new URL(`zh/${file}`, MESSAGES).href),
  ])
  for (const text of differing(en, zh)) english.add(text)
  for (const text of textsIn(zh)) chinese.add(text)
}

/** Those of the texts of a Chinese page that are English messages, or hold English words in a row. */
export function findEnglish(texts: readonly string[]): string[] {
  return texts.filter(
    (text) => (english.has(text) && !chinese.has(text)) || /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text),
  )
}

function textsIn(messages: unknown): string[] {
  if (typeof messages === 'string') return [messages]
  return typeof messages === 'object' && messages !== null ? Object.values(messages).flatMap(textsIn) : []
}

function differing(one: unknown, other: unknown): string[] {
  if (typeof one === 'string') return one === other ? [] : [one]
  if (typeof one !== 'object' || one === null) return []
  return Object.entries(one).flatMap(([name, value]) =>
    differing(value, (other as Readonly<Record<string, unknown>> | undefined)?.[name]),
  )
}
