import type { S3 } from '@aws-sdk/client-s3'
import { Fault, inSpan } from '@kinoprint/core'
import { accessDenied, downloadFailed, notFound, publicReason } from '../object-faults.ts'
import type { ObjectHead } from '../object-store.ts'

export type S3Settings = {
  /** URL of the S3-compatible server, e.g. `http://127.0.0.1:9000`. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** `endpoint/bucket/object` instead of `bucket.endpoint/object`, as most self-hosted servers require. */
  readonly forcePathStyle?: boolean | undefined
  /** Whether only the needed parts of objects are read where that saves work. Default: true. */
  readonly ranges?: boolean | undefined
}

const CONNECT_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
/** Maximum attempts per request, with the SDK's growing delays. */
const MAX_ATTEMPTS = 4

export type LazyClient = { readonly get: () => Promise<S3>; readonly close: () => Promise<void> }

/** What COS and OSS answer to a bucket in the path. */
const PATH_STYLE_REFUSED: ReadonlySet<string> = new Set([
  'PathStyleDomainForbidden',
  'SecondLevelDomainForbidden',
])

/** Creates the SDK's client at the first use, because its code is large and most installations never need it. */
export function lazyClient(settings: S3Settings): LazyClient {
  let client: Promise<S3> | undefined
  return {
    get: () => {
      client ??= createClient(settings)
      return client
    },
    close: async () => (await client)?.destroy(),
  }
}

async function createClient(settings: S3Settings): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3')
  const ignore = (): void => undefined
  const client = new S3({
    endpoint: settings.endpoint,
    region: settings.region,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    forcePathStyle: settings.forcePathStyle ?? false,
    maxAttempts: MAX_ATTEMPTS,
    // Many compatible servers do not support the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The SDK would print console warnings about conditions that are handled here.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  })
  traceRequests(client)
  return client
}

/** Makes the requests of a client spans of the trace in progress. A span holds all attempts, without names of objects. */
function traceRequests(client: S3): void {
  client.middlewareStack.add(
    (next, { commandName = 'request' }) =>
      (args) => {
        const operation = commandName.replace(/Command$/, '')
        const attributes = { 'rpc.system': 'aws-api', 'rpc.service': 'S3', 'rpc.method': operation }
        return inSpan({ name: `S3 ${operation}`, kind: 'client', needsParent: true, attributes }, () =>
          next(args),
        )
      },
    { step: 'initialize', name: 'traceRequests' },
  )
}

type S3Head = {
  readonly ContentLength?: number | undefined
  readonly ContentRange?: string | undefined
  readonly ETag?: string | undefined
  readonly LastModified?: Date | undefined
}

/** The response to a range request states the size of the whole object only in Content-Range. */
export function headOf({ ContentLength, ContentRange, ETag, LastModified }: S3Head): ObjectHead {
  const total = /\/(\d+)$/.exec(ContentRange ?? '')?.[1]
  return {
    size: total === undefined ? (ContentLength ?? 0) : Number(total),
    etag: quoted(ETag ?? ''),
    lastModified: LastModified ?? new Date(0),
  }
}

/** Some servers omit the quotes. */
export function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`
}

/** HTTP status of an SDK error. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode
}

/** Converts an SDK error to the Fault for clients. */
export function asS3Fault(error: unknown, bucket: string, object: string): Fault {
  if (error instanceof Fault) return error
  const { name } = error as { name?: string }
  if (name === 'AbortError') return new Fault('Cancelled', 'The job was stopped.', { cause: error })
  if (name === 'NoSuchBucket') {
    return new Fault('ResourceNotFound', `Bucket ${bucket} does not exist.`, { cause: error })
  }
  if (PATH_STYLE_REFUSED.has(name ?? '')) {
    const message = `The store takes the bucket ${bucket} in the name of the host only. Set S3_FORCE_PATH_STYLE=off.`
    return new Fault('ResourceAccessDenied', message, { cause: error })
  }
  switch (statusOf(error)) {
    case 404:
      return notFound(bucket, object, error)
    case 401:
    case 403:
      return accessDenied(bucket, object, error)
    case 416:
      return new Fault('InvalidRange', 'The range is outside the object.', { cause: error })
    case 412:
      return downloadFailed(bucket, object, new Error('it was replaced during the download'))
    default:
      return downloadFailed(bucket, object, error)
  }
}

/** Any response of the server, even a refusal, shows that it is reachable. */
export async function checkClient(client: LazyClient): Promise<void> {
  try {
    const s3 = await client.get()
    await s3.listBuckets({}, { requestTimeout: CONNECT_TIMEOUT_MS })
  } catch (error) {
    const status = statusOf(error)
    if (status !== undefined && status < 500) return
    const message = `The S3-compatible store does not respond (${publicReason(error)}). Check S3_ENDPOINT.`
    throw new Fault('ServiceUnavailable', message, { cause: error })
  }
}
