import { wrong } from './setting-values.ts'

/** Any origin. */
const ANY = '*'

/** Origins as browsers write them, or `*` alone. */
export function parseOrigins(text: string) {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length === 1 && entries[0] === ANY) return [ANY]
  const bad = entries.filter((entry) => !isOrigin(entry))
  if (entries.length === 0 || bad.length > 0) {
    return wrong(
      `must be * or a comma list of origins such as https://app.example.com, without paths, not "${bad.join(',') || text}"`,
    )
  }
  return entries.map((entry) => new URL(entry).origin)
}

/** `new URL` adds the slash of the root; nothing else may follow the port. */
const isOrigin = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  return isWeb && (url.href === `${url.origin}/` || url.href === url.origin)
}
