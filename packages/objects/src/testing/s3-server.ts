import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { isSignedFor } from './sigv4.ts'

/**
 * A small S3 server for tests: HTTP, path style, five operations, responses as in the public S3 documentation. The npm
 * packages that do this are years old; this one can also fail on demand.
 */
export type S3Server = {
  readonly endpoint: string
  readonly objects: Map<string, { readonly body: Buffer; readonly at: Date }>
  /** `METHOD path` of each request. */
  readonly requests: string[]
  /** Number of bytes after which the next responses to GetObject are cut off. */
  cutNext: number[]
  /** Status codes of the next responses. */
  failNext: number[]
  /** Ranges of the requests to GetObject, e.g. `bytes=0-4`. */
  readonly ranges: string[]
  /** Whether ranges are ignored, as by a server that does not support them. */
  ignoresRanges: boolean
  /** Number of the next responses to GetObject that send nothing and stay open. */
  stallNext: number
  /** Sizes that HEAD announces instead of the actual ones. */
  announced: Map<string, number>
  /** Keys below this prefix are forbidden. */
  forbidden: string
  pageSize: number
  readonly close: () => Promise<void>
}

/**
 * As Tencent COS answers: the bucket is in the name of the host, its region in the signature, and a bucket in the path is
 * refused.
 */
export type CosStyle = {
  /** Such as `cos.ap-guangzhou.myqcloud.com`, which leads to this server. */
  readonly host: string
  readonly region: string
  readonly secretKey: string
}

export async function startS3Server({ cos }: { readonly cos?: CosStyle } = {}): Promise<S3Server> {
  const http: Server = createServer((request, response) => {
    const refused = cos === undefined ? null : toPathStyle(cos, request)
    if (refused !== null) refuse(response, 403, refused)
    else handle(state, request, response).catch((error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const state: S3Server = {
    endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    objects: new Map(),
    requests: [],
    cutNext: [],
    failNext: [],
    ranges: [],
    ignoresRanges: false,
    stallNext: 0,
    announced: new Map(),
    forbidden: 'forbidden/',
    pageSize: 1000,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
  return state
}

/** Moves the bucket from the host into the path. Returns the code of the error if COS would refuse the request. */
function toPathStyle({ host, region, secretKey }: CosStyle, request: IncomingMessage): string | null {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '')
  const path = request.url ?? '/'
  if (!isSignedFor(request, { region, secretKey })) return 'SignatureDoesNotMatch'
  if (/^STREAMING-|^$/.test(String(request.headers['x-amz-content-sha256'] ?? ''))) return 'NotImplemented'
  if (name === host) return path.split('?')[0] === '/' ? null : 'PathStyleDomainForbidden'
  const bucket = name.endsWith(`.${host}`) ? name.slice(0, -host.length - 1) : ''
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-\d{8,}$/.test(bucket)) return 'InvalidBucketName'
  request.url = `/${bucket}${path}`
  return null
}

const etags = new WeakMap<Buffer, string>()

function etagOf(body: Buffer): string {
  const etag = etags.get(body) ?? `"${createHash('md5').update(body).digest('hex')}"`
  etags.set(body, etag)
  return etag
}

async function handle(server: S3Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://s3')
  const [, bucket = '', ...rest] = url.pathname.split('/')
  const key = rest.map(decodeURIComponent).join('/')
  server.requests.push(`${request.method} /${bucket}/${key}`)
  const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=AK/')
  const fail = server.failNext.shift()
  const name = `${bucket}/${key}`
  if (fail !== undefined) refuse(response, fail, 'Injected')
  else if (!signed) refuse(response, 403, 'SignatureDoesNotMatch')
  else if (bucket === 'absent-1') refuse(response, 404, 'NoSuchBucket')
  else if (key.startsWith(server.forbidden)) refuse(response, 403, 'AccessDenied')
  else if (bucket === '') response.writeHead(200).end('<ListAllMyBucketsResult/>')
  else if (key === '') list(server, bucket, url, response)
  else if (request.method === 'PUT') await put(server, name, request, response)
  else if (request.method === 'DELETE') remove(server, name, response)
  else get(server, name, request, response)
}

function remove(server: S3Server, name: string, response: ServerResponse): void {
  server.objects.delete(name)
  response.writeHead(204).end()
}

async function put(
  server: S3Server,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request)
  if (body.length !== Number(request.headers['content-length']))
    return refuse(response, 400, 'IncompleteBody')
  server.objects.set(name, { body, at: new Date(1_700_000_000_000) })
  response.writeHead(200, { ETag: etagOf(body) }).end()
}

function get(server: S3Server, name: string, request: IncomingMessage, response: ServerResponse): void {
  const found = server.objects.get(name)
  const match = request.headers['if-match']
  const asked = request.headers.range ?? ''
  if (request.method === 'GET' && asked !== '') server.ranges.push(asked)
  const range = /^bytes=(\d+)-(\d*)$/.exec(server.ignoresRanges ? '' : asked)
  const start = Number(range?.[1] ?? 0)
  if (found === undefined) refuse(response, 404, 'NoSuchKey')
  else if (match !== undefined && match !== etagOf(found.body)) refuse(response, 412, 'PreconditionFailed')
  else if (range !== null && start >= found.body.length) refuse(response, 416, 'InvalidRange')
  else {
    const { body, at } = found
    const end = Math.min(range?.[2] ? Number(range[2]) : body.length - 1, body.length - 1)
    const part = body.subarray(start, end + 1)
    const contentRange = range === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${body.length}` }
    const announced = request.method === 'HEAD' ? server.announced.get(name) : undefined
    const length = { 'Content-Length': announced ?? part.length }
    const headers = { ETag: etagOf(body), 'Last-Modified': at.toUTCString(), ...length }
    response.writeHead(range === null ? 200 : 206, { ...headers, ...contentRange })
    if (request.method === 'HEAD') response.end()
    else if (server.stallNext > 0) server.stallNext -= 1
    else send(response, part, server.cutNext.shift())
  }
}

function send(response: ServerResponse, part: Buffer, cut: number | undefined): void {
  if (cut === undefined) response.end(part)
  else response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 20))
}

function list(server: S3Server, bucket: string, url: URL, response: ServerResponse): void {
  const prefix = `${bucket}/${url.searchParams.get('prefix') ?? ''}`
  const { searchParams } = url
  const begin = searchParams.get('start-after')
  const after = searchParams.get('continuation-token') ?? (begin === null ? '' : `${bucket}/${begin}`)
  const keys = [...server.objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort()
  const page = keys.slice(0, server.pageSize)
  const folderOf = (name: string): string | undefined => {
    const end = url.searchParams.get('delimiter') === '/' ? name.indexOf('/', prefix.length) : -1
    return end < 0 ? undefined : name.slice(bucket.length + 1, end + 1)
  }
  const folders = [...new Set(page.flatMap((name) => folderOf(name) ?? []))]
  const prefixes = folders.map((name) => `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`)
  const objects = page.filter((name) => folderOf(name) === undefined)
  const contents = objects.map((name) => {
    const { body, at } = server.objects.get(name) ?? { body: Buffer.alloc(0), at: new Date(0) }
    const key = name.slice(bucket.length + 1).replaceAll('&', '&amp;')
    return `<Contents><Key>${key}</Key><LastModified>${at.toISOString()}</LastModified><ETag>&quot;${etagOf(body).slice(1, -1)}&quot;</ETag><Size>${body.length}</Size></Contents>`
  })
  const truncated = page.length < keys.length
  const token = truncated ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  response.writeHead(200, { 'Content-Type': 'application/xml' })
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${truncated}</IsTruncated>${token}${contents.join('')}${prefixes.join('')}</ListBucketResult>`,
  )
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
