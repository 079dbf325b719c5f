import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { authorizationOf, type KeyPair, type Pair } from './sign.ts'

export type CloudVideo = {
  readonly videoId: string
  readonly object: string
  /** Null for an object that is gone from the bucket. */
  readonly content: Buffer | null
  readonly etag: string
}

export type CloudAccount = {
  readonly key: KeyPair
  readonly bucket: string
  readonly region: string
  readonly libraries: readonly {
    readonly dnaDbId: string
    readonly name: string
    readonly capacity: number
    readonly videos: readonly CloudVideo[]
  }[]
}

/** Replaces the answer to a request, or returns false to let the account answer. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

export type CloudStandIn = {
  /** For TENCENT_ENDPOINT. */
  readonly url: string
  /** Targets of the requests whose signature was right, in order. */
  readonly requests: readonly string[]
  /** Answers the next requests, until it is set to null. */
  setFault(fault: Fault | null): void
  close(): Promise<void>
}

/** Smaller than the 100 of the cloud, so that a few videos fill several pages. */
const PAGE_SIZE_MAX = 2

/**
 * An account of Tencent Cloud that lists its libraries and serves its objects: GET /dnadb, /dnadb_files and objects, under
 * the official host names and only with a right signature over the host and all parameters.
 */
export async function openCloudStandIn(account: CloudAccount): Promise<CloudStandIn> {
  const requests: string[] = []
  let fault: Fault | null = null
  const server = createServer((request, response) => {
    const reason = signatureFault(request, account.key)
    if (reason === null) requests.push(request.url ?? '')
    if (reason === null && fault?.(request, response)) return
    const { status, body, headers } =
      reason === null ? answerOf(account, request) : errorAnswer(403, 'SignatureDoesNotMatch', reason)
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setFault: (next) => {
      fault = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Why a signature is not right, computed by the second implementation of the tests; null if it is. */
function signatureFault({ method = '', url = '', headers }: IncomingMessage, key: KeyPair): string | null {
  const given = headers.authorization ?? ''
  const { pathname, searchParams } = new URL(url, 'http://cloud')
  const [start = 0, end = 0] = (/q-sign-time=(\d+;\d+)/.exec(given)?.[1] ?? '').split(';').map(Number)
  const now = Math.floor(Date.now() / 1000)
  if (now < start || now > end) return 'The signature is not valid now.'
  const expectedAt = (seconds: number) =>
    authorizationOf({
      ...{ method, key, path: decodeURIComponent(pathname), params: [...searchParams] as Pair[] },
      headers: [['host', headers.host ?? '']],
      ...{ backSeconds: seconds - start, lifeSeconds: end - start },
    })
  // The signer reads the clock itself, which may have moved on by a second.
  return [now, now + 1].some((seconds) => given === expectedAt(seconds))
    ? null
    : 'Another signature is right.'
}

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string | Buffer
}

function answerOf(account: CloudAccount, request: IncomingMessage): Answer {
  const { bucket, region, libraries } = account
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://cloud')
  const videos = libraries.flatMap((library) => library.videos)
  if (request.headers.host === `${bucket}.cos.${region}.myqcloud.com`) {
    const video = videos.find(({ object }) => object === decodeURIComponent(pathname.slice(1)))
    if (!video?.content) return errorAnswer(404, 'NoSuchKey', 'The specified key does not exist.')
    const headers = { etag: video.etag, 'content-length': video.content.length }
    return { status: 200, headers, body: video.content }
  }
  if (request.headers.host !== `${bucket}.ci.${region}.myqcloud.com`)
    return errorAnswer(400, 'InvalidHost', 'No such bucket.')
  const where = `<BucketId>${bucket}</BucketId><Region>${region}</Region>`
  const times =
    '<CreateTime>2022-06-27T15:23:10+0800</CreateTime><UpdateTime>2022-06-27T15:23:10+0800</UpdateTime>'
  if (pathname === '/dnadb') {
    const rows = libraries.map(
      ({ dnaDbId, name, capacity }) =>
        `<DNADbConfig>${where}<DNADbId>${dnaDbId}</DNADbId><DNADbName>${escaped(name)}</DNADbName><Capacity>${capacity}</Capacity><Description>moved</Description>${times}</DNADbConfig>`,
    )
    return pageAnswer(rows, searchParams)
  }
  if (pathname === '/dnadb_files') {
    const library = libraries.find(({ dnaDbId }) => dnaDbId === searchParams.get('dnaDbId'))
    const rows = (library?.videos ?? []).map(
      ({ videoId, object, etag }) =>
        `<DNADbFiles>${where}<DNADbId>${library?.dnaDbId}</DNADbId><VideoId>${videoId}</VideoId><Object>${escaped(object)}</Object><ETag>${escaped(etag)}</ETag>${times}</DNADbFiles>`,
    )
    return pageAnswer(rows, searchParams)
  }
  return errorAnswer(404, 'InvalidUrl', 'Unknown path.')
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function pageAnswer(rows: readonly string[], query: URLSearchParams): Answer {
  const page = Number(query.get('pageNumber') ?? 1)
  const size = Math.min(PAGE_SIZE_MAX, Number(query.get('pageSize') ?? 10))
  const shown = rows.slice((page - 1) * size, page * size).join('')
  const head = `<RequestId>NWI=</RequestId><TotalCount>${rows.length}</TotalCount><PageNumber>${page}</PageNumber><PageSize>${size}</PageSize>`
  return { status: 200, headers: XML, body: `<Response>${head}${shown}</Response>` }
}

const XML = { 'content-type': 'application/xml' }

function errorAnswer(status: number, code: string, message: string): Answer {
  const fields = `<Code>${code}</Code><Message>${escaped(message)}</Message><Resource>x</Resource><RequestId>NWI=</RequestId>`
  return { status, headers: XML, body: `<?xml version='1.0' encoding='utf-8' ?><Error>${fields}</Error>` }
}
