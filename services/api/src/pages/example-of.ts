type Schema = Readonly<Record<string, unknown>>
type Named = Readonly<Record<string, unknown>>

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {}
}

/** Example texts of fields whose schema has none, by field name. */
const TEXTS: Readonly<Record<string, string>> = {
  actions: 'ci:CreateMediaJobs',
  ruleTypes: 'FindSimilarVideo',
  CallBack: 'https://hooks.example.com/done',
  bucket: 'films-125',
  buckets: 'films-125',
  BucketId: 'films-125',
  region: 'local',
  Region: 'local',
  object: 'a/film.mp4',
  Object: 'a/film.mp4',
  url: 'https://hooks.example.com/done',
  Url: 'https://hooks.example.com/done',
}

/** An example that satisfies a JSON Schema of the OpenAPI document: its default, first choice or minimum. */
export function exampleOf(schema: unknown, named: Named, name = ''): unknown {
  const found = asSchema(schema)
  if (typeof found.$ref === 'string') return exampleOf(named[found.$ref.split('/').at(-1) ?? ''], named, name)
  if ('default' in found) return found.default
  if ('const' in found) return found.const
  for (const list of [found.examples, found.enum]) if (Array.isArray(list)) return list[0]
  for (const list of [found.anyOf, found.oneOf])
    if (Array.isArray(list)) return exampleOf(list[0], named, name)
  if (found.type === 'array') return [exampleOf(found.items, named, name)]
  if (found.type === 'object') return exampleObject(found, named)
  if (found.type === 'integer' || found.type === 'number') return Number(found.minimum ?? 1)
  if (found.type === 'boolean') return true
  if (found.format === 'date-time') return '2026-01-02T03:04:05Z'
  return found.type === 'string' ? (TEXTS[name] ?? '…') : null
}

function exampleObject(schema: Schema, named: Named): Schema {
  return Object.fromEntries(
    Object.entries(asSchema(schema.properties)).map(([name, inner]) => [name, exampleOf(inner, named, name)]),
  )
}

/** An example body in JSON or XML, depending on its content type. */
export function exampleText(contentType: string, schema: unknown, named: Named): string {
  const value = exampleOf(schema, named)
  if (!contentType.includes('xml')) return JSON.stringify(value, null, 1)
  const { $ref } = asSchema(schema)
  const root = asSchema(asSchema(named[String($ref).split('/').at(-1) ?? '']).xml).name
  return xmlOf(String(root ?? 'Response'), value)
}

function xmlOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => xmlOf(name, one)).join('')
  if (!isSchema(value)) return `<${name}>${String(value ?? '')}</${name}>\n`
  return `<${name}>\n${Object.entries(value)
    .map(([inner, one]) => xmlOf(inner, one))
    .join('')}</${name}>\n`
}
