const TEXT_CHARS_MAX = 200
const ITEMS_MAX = 20
const DEPTH_MAX = 4
const SECRET = /^(?:token|secret|secretKey|password)$/

/** Fields as the audit log shows them: without secrets, queries of URLs, long texts and long lists. */
export function shorten(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return shortText(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (depth === DEPTH_MAX) return '…'
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MAX).map((item) => shorten(item, depth + 1))
    return value.length > ITEMS_MAX ? [...items, `… ${value.length - ITEMS_MAX} more`] : items
  }
  const fields = Object.entries(value).filter(([name, field]) => !SECRET.test(name) && field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, shorten(field, depth + 1)]))
}

/** Callback addresses carry credentials and tokens in their user and query. */
function shortText(text: string): string {
  const isAddress = /^https?:/i.test(text) && URL.canParse(text)
  const shown = isAddress ? withoutSecrets(new URL(text)) : text
  return shown.length > TEXT_CHARS_MAX ? `${shown.slice(0, TEXT_CHARS_MAX)}…` : shown
}

function withoutSecrets({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`
}

type Change = { readonly before: object | null; readonly after: object | null }

/** The fields of a change. Of both states only the fields that `after` has and that differ; of one state all. */
export function changeOf(before: object | null | undefined, after: object | null | undefined): Change {
  const [old, now] = [fieldsOf(before), fieldsOf(after)]
  if (old === null || now === null) return { before: old, after: now }
  const differs = (name: string) => JSON.stringify(old[name]) !== JSON.stringify(now[name])
  const names = Object.keys(now).filter(differs)
  const pick = (fields: Record<string, unknown>) =>
    Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])))
  return { before: pick(old), after: pick(now) }
}

function fieldsOf(state: object | null | undefined): Record<string, unknown> | null {
  return state === null || state === undefined ? null : (shorten(state) as Record<string, unknown>)
}
