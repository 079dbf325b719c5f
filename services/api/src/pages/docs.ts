import type { RequestHandler } from 'express'
import { escapeHtml } from './escape-html.ts'
import { sendPage } from './page.ts'

const VERBS = ['get', 'post', 'put', 'patch', 'delete'] as const

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

const text = (value: unknown): string => (typeof value === 'string' ? escapeHtml(value) : '')

/** GET /docs: the OpenAPI document as a page that can be read without a script. */
export const docs = (openapi: object): RequestHandler => {
  const document = record(openapi)
  const info = record(document.info)
  const body = `<h1>${text(info.title) || 'API'}</h1><p>${text(info.description)}</p>
<p>The same for programs: <a href="/openapi.json">/openapi.json</a>.</p>${sections(record(document.paths))}${schemas(record(record(document.components).schemas))}`
  return (_req, res) => sendPage(res, { title: 'Kinoprint API', body })
}

const sections = (paths: Record<string, unknown>): string => {
  const byTag = new Map<string, string[]>()
  for (const [path, item] of Object.entries(paths)) {
    for (const verb of VERBS) {
      const operation = record(item)[verb]
      if (!isRecord(operation)) continue
      const [tag = 'other'] = Array.isArray(operation.tags) ? operation.tags.map(String) : []
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationHtml({ path, verb, operation })])
    }
  }
  return [...byTag].map(([tag, rows]) => `<h2>${escapeHtml(tag)}</h2>${rows.join('')}`).join('')
}

const schemas = (named: Record<string, unknown>): string =>
  `<h2>Bodies</h2>${Object.entries(named)
    .map(
      ([name, schema]) =>
        `<details id="${escapeHtml(name)}"><summary>${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(schema, null, 1))}</pre></details>`,
    )
    .join('')}`

type Operation = { path: string; verb: string; operation: Record<string, unknown> }

const operationHtml = ({ path, verb, operation }: Operation): string => {
  const parameters = (Array.isArray(operation.parameters) ? operation.parameters : []).map(record)
  const responses = Object.entries(record(operation.responses))
  return `<details><summary><span class="verb">${verb.toUpperCase()}</span><code>${escapeHtml(path)}</code> ${text(operation.summary)}</summary>
<p>${text(operation.description)}</p>
${parameters.length > 0 ? `<table><tr><th>parameter</th><th>in</th><th>meaning</th></tr>${parameters.map(parameterHtml).join('')}</table>` : ''}
${schemaHtml('Body', operation.requestBody)}
<table><tr><th>status</th><th>meaning</th></tr>${responses.map(([status, response]) => `<tr><td>${escapeHtml(status)}</td><td>${text(record(response).description)}${schemaHtml('Answer', response)}</td></tr>`).join('')}</table></details>`
}

const parameterHtml = (parameter: Record<string, unknown>): string =>
  `<tr><td><code>${text(parameter.name)}</code></td><td>${text(parameter.in)}</td><td>${text(parameter.description)} <code>${escapeHtml(JSON.stringify(parameter.schema ?? {}))}</code></td></tr>`

const schemaHtml = (label: string, holder: unknown): string => {
  const [first] = Object.entries(record(record(holder).content))
  if (!first) return ''
  const [type, media] = first
  const named = String(record(record(media).schema).$ref ?? '').replace('#/components/schemas/', '')
  const link = named === '' ? '' : ` <a href="#${escapeHtml(named)}">${escapeHtml(named)}</a>`
  return `<p>${label}: <code>${escapeHtml(type)}</code>${link}</p>`
}
