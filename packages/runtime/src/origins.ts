import { type Wrong, wrong } from './setting-values.ts'

/** Any origin. */
const ANY = '*'

/** Parses CORS_ORIGINS: origins as browsers send them, or `*` alone. */
export function parseOrigins(text: string): readonly string[] | Wrong {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length === 1 && entries[0] === ANY) return [ANY]
  const invalid = entries.filter((entry) => !isOrigin(entry))
  if (entries.length === 0 || invalid.length > 0) {
    return wrong(
      `must be * or a comma-separated list of origins without paths, such as https://app.example.com, not "${invalid.join(',') || text}"`,
    )
  }
  return entries.map((entry) => new URL(entry).origin)
}

/** The port may be followed only by the slash that `new URL` adds. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  return isWeb && (url.href === `${url.origin}/` || url.href === url.origin)
}
