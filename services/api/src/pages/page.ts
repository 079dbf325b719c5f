import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { send } from '../http/send.ts'

const STYLE = `:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{margin-top:2rem;font-size:1.2rem}
code,pre{font:.9em/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.6rem;background:#8881;border-radius:.4rem}
details{border:1px solid #8884;border-radius:.4rem;margin:.4rem 0;padding:.4rem .7rem}summary{cursor:pointer}
.verb{display:inline-block;min-width:4.2rem;font-weight:700}
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}
td,summary{overflow-wrap:anywhere}td:not(:last-child){overflow-wrap:normal}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/**
 * Serves a static page without scripts or external sources; its policy allows the style sheet by hash. All responses share
 * the same bytes, so slow readers cost no memory.
 */
export function page({ title, body }: { readonly title: string; readonly body: string }): RequestHandler {
  const bytes = Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`,
  )
  return (_req, res) => {
    res.setHeader('Content-Security-Policy', POLICY)
    send(res, { status: 200, contentType: 'text/html; charset=utf-8', body: bytes })
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}

const BODY = `<h1>Kinoprint</h1>
<p>A self-hosted video fingerprinting engine. It stores fingerprints of your videos in libraries and finds copies of them in other videos, with the matching time ranges.</p>
<table>
<tr><td><a href="/docs">/docs</a></td><td>API reference</td></tr>
<tr><td><a href="/openapi.json">/openapi.json</a></td><td>OpenAPI 3 document</td></tr>
<tr><td><code>/jobs</code>, <code>/dnadb</code>, <code>/dnadb_files</code>, <code>/queue</code></td><td>Tencent-compatible API: signed requests, XML</td></tr>
<tr><td><code>/admin</code></td><td>admin API: bearer token, JSON</td></tr>
<tr><td><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a></td><td>liveness, readiness, Prometheus metrics</td></tr>
</table>`

/** GET /: an overview of the routes. */
export function home(): RequestHandler {
  return page({ title: 'Kinoprint', body: BODY })
}
