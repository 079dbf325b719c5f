import type { RequestHandler } from 'express'
import { page } from './page.ts'

const BODY = `<h1>Kinoprint</h1>
<p>A self-hosted video fingerprinting engine: it stores videos in libraries and says which seconds of another video are a copy of them.</p>
<table>
<tr><td><a href="/docs">/docs</a></td><td>the API, route by route</td></tr>
<tr><td><a href="/openapi.json">/openapi.json</a></td><td>the same as an OpenAPI 3 document</td></tr>
<tr><td><code>/jobs</code>, <code>/dnadb</code>, <code>/dnadb_files</code>, <code>/queue</code></td><td>the compatible API: signed requests, XML</td></tr>
<tr><td><code>/admin</code></td><td>the admin API: bearer token, JSON</td></tr>
<tr><td><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a></td><td>alive; able to serve; Prometheus metrics</td></tr>
</table>`

/** GET / */
export const home = (): RequestHandler => page({ title: 'Kinoprint', body: BODY })
