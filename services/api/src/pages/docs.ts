import type { RequestHandler } from 'express'
import { send } from '../http/send.ts'
import { exampleText } from './example-of.ts'
import { escapeHtml, page } from './page.ts'

const VERBS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? escapeHtml(value) : ''
}

const AUTHENTICATION = `<h2>Authentication</h2>
<p><b>Routes under /admin</b> require the admin token: <code>Authorization: Bearer TOKEN</code>. Set the token with
<code>ADMIN_TOKEN</code>. Otherwise it is in the file <code>admin-token</code> in <code>DATA_DIR</code>.</p>
<p><b>Jobs, libraries, queues and objects</b> require a request signed with an API key, in the header or the query:
<code>Authorization: q-sign-algorithm=sha1&amp;q-ak=SECRETID&amp;…&amp;q-signature=…</code>. The official COS SDKs sign requests
for you: configure SecretId, SecretKey and the address of this server. Create keys with <code>POST /admin/keys</code> or
<code>kinoprint admin keys create</code>. The first key is in the file <code>first-key.json</code> in <code>DATA_DIR</code>.</p>
<p><b>Routes under /hma</b> require <code>HMA_TOKEN</code> as a bearer token, as a password or in the path:
<code>/hma/TOKEN/c/banks</code>. Without that setting they do not exist.</p>
<p>Health, metrics and these pages require no authentication.</p>`

/** GET /docs: the OpenAPI document as an HTML page without scripts. */
export function docs(openapi: () => object): RequestHandler {
  return madeOnce(() => docsPage(record(openapi())))
}

/** The handler that `make` returns at the first request. Starts are faster without the work that few servers need. */
function madeOnce(make: () => RequestHandler): RequestHandler {
  let handler: RequestHandler | null = null
  return (req, res, next) => {
    handler ??= make()
    return handler(req, res, next)
  }
}

function docsPage(document: Record<string, unknown>): RequestHandler {
  const info = record(document.info)
  const named = record(record(document.components).schemas)
  const body = `<h1>${text(info.title) || 'API'}</h1><p>${text(info.description)}</p>
<p>Machine-readable: <a href="/openapi.json">/openapi.json</a>.</p>${AUTHENTICATION}${sections(record(document.paths), named)}${schemas(named)}`
  return page({ title: 'Kinoprint API', body })
}

function sections(paths: Record<string, unknown>, named: Record<string, unknown>): string {
  const byTag = new Map<string, string[]>()
  for (const [path, item] of Object.entries(paths)) {
    for (const verb of VERBS) {
      const operation = record(item)[verb]
      if (!isRecord(operation)) continue
      const [tag = 'other'] = Array.isArray(operation.tags) ? operation.tags.map(String) : []
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationHtml({ path, verb, operation, named })])
    }
  }
  return [...byTag].map(([tag, rows]) => `<h2>${escapeHtml(tag)}</h2>${rows.join('')}`).join('')
}

function schemas(named: Record<string, unknown>): string {
  return `<h2>Schemas</h2>${Object.entries(named)
    .map(
      ([name, schema]) =>
        `<details id="${escapeHtml(name)}"><summary>${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(schema, null, 1))}</pre></details>`,
    )
    .join('')}`
}

type Operation = {
  path: string
  verb: string
  operation: Record<string, unknown>
  named: Record<string, unknown>
}

function operationHtml({ path, verb, operation, named }: Operation): string {
  const parameters = (Array.isArray(operation.parameters) ? operation.parameters : []).map(record)
  const responses = Object.entries(record(operation.responses))
  return `<details><summary><span class="verb">${verb.toUpperCase()}</span><code>${escapeHtml(path)}</code> ${text(operation.summary)}</summary>
<p>${text(operation.description)}</p>
${parameters.length > 0 ? `<table><tr><th>parameter</th><th>in</th><th>meaning</th></tr>${parameters.map(parameterHtml).join('')}</table>` : ''}
${schemaHtml('Body', operation.requestBody)}
<table><tr><th>status</th><th>meaning</th></tr>${responses.map(([status, response]) => `<tr><td>${escapeHtml(status)}</td><td>${text(record(response).description)}${schemaHtml('Response', response)}</td></tr>`).join('')}</table>${exampleHtml({ path, verb, operation, named })}</details>`
}

/** An example request and response, generated from the schemas. */
function exampleHtml({ path, verb, operation, named }: Operation): string {
  const [scheme] = Array.isArray(operation.security)
    ? operation.security.flatMap((one) => Object.keys(one))
    : []
  const authorization = {
    adminToken: 'Authorization: Bearer TOKEN\n',
    hmaToken: 'Authorization: Bearer HMA_TOKEN\n',
    signature: 'Authorization: q-sign-algorithm=sha1&q-ak=…\n',
  }
  const header = authorization[scheme as keyof typeof authorization] ?? ''
  const [status = '200', answer] = Object.entries(record(operation.responses))[0] ?? []
  const request = `${verb.toUpperCase()} ${path} HTTP/1.1\n${header}${bodyText(operation.requestBody, named)}`
  return `<p>Example</p><pre>${escapeHtml(`${request}\n\nHTTP/1.1 ${status}\n${bodyText(answer, named)}`)}</pre>`
}

function bodyText(holder: unknown, named: Record<string, unknown>): string {
  const [first] = Object.entries(record(record(holder).content))
  if (!first) return ''
  const [type, media] = first
  const { schema } = record(media)
  return `Content-Type: ${type}\n\n${schema === undefined ? '…' : exampleText(type, schema, named)}`
}

function parameterHtml(parameter: Record<string, unknown>): string {
  return `<tr><td><code>${text(parameter.name)}</code></td><td>${text(parameter.in)}</td><td>${text(parameter.description)} <code>${escapeHtml(JSON.stringify(parameter.schema ?? {}))}</code></td></tr>`
}

function schemaHtml(label: string, holder: unknown): string {
  const [first] = Object.entries(record(record(holder).content))
  if (!first) return ''
  const [type, media] = first
  const named = String(record(record(media).schema).$ref ?? '').replace('#/components/schemas/', '')
  const link = named === '' ? '' : ` <a href="#${escapeHtml(named)}">${escapeHtml(named)}</a>`
  return `<p>${label}: <code>${escapeHtml(type)}</code>${link}</p>`
}

/** GET /openapi.json. All responses share one serialised document. */
export function openapi(document: () => object): RequestHandler {
  return madeOnce(() => {
    const body = Buffer.from(JSON.stringify(document()))
    return (_req, res) => send(res, { status: 200, contentType: 'application/json; charset=utf-8', body })
  })
}
