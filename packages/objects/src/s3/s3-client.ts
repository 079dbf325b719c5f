import type { S3 } from '@aws-sdk/client-s3'
import { Fault } from '@kinoprint/core'
import { accessDenied, downloadFailed, notFound, reasonOf } from '../object-faults.ts'
import type { S3Settings } from './s3-settings.ts'

const CONNECT_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
/** Tries of one request; the SDK waits longer before each. */
const MAX_ATTEMPTS = 4

/** The SDK's client, made at the first use: its code is large and most installations never need it. */
export const lazyClient = (settings: S3Settings): LazyClient => {
  let client: Promise<S3> | undefined
  return {
    get: () => {
      client ??= makeClient(settings)
      return client
    },
    close: async () => (await client)?.destroy(),
  }
}

export type LazyClient = { readonly get: () => Promise<S3>; readonly close: () => Promise<void> }

const makeClient = async (settings: S3Settings): Promise<S3> => {
  const { S3 } = await import('@aws-sdk/client-s3')
  return new S3({
    endpoint: settings.endpoint,
    region: settings.region,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    forcePathStyle: settings.forcePathStyle ?? false,
    maxAttempts: MAX_ATTEMPTS,
    // Many compatible servers do not know the checksums that the SDK would add by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would warn on the console about what is handled here.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  })
}

const ignore = (): void => undefined

/** What the SDK throws, as the Fault that a client understands. */
export const asS3Fault = (error: unknown, bucket: string, object: string): Fault => {
  if (error instanceof Fault) return error
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode
  if (name === 'AbortError') return new Fault('Cancelled', 'The job was stopped.', { cause: error })
  if (name === 'NoSuchBucket') {
    return new Fault('ResourceNotFound', `There is no bucket ${bucket}.`, { cause: error })
  }
  if (status === 404) return notFound(bucket, object, error)
  if (status === 401 || status === 403) return accessDenied(bucket, object, error)
  if (status === 416) return new Fault('InvalidRange', 'The range lies outside the object.', { cause: error })
  if (status === 412) return downloadFailed(bucket, object, new Error('it was replaced meanwhile'))
  return downloadFailed(bucket, object, error)
}

/** Any answer of the server, a refusal too, shows that it is there. */
export const checkClient = async (client: LazyClient): Promise<void> => {
  try {
    const s3 = await client.get()
    await s3.listBuckets({}, { requestTimeout: CONNECT_TIMEOUT_MS })
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
    if (status !== undefined && status < 500) return
    const message = `The S3-compatible store does not answer (${reasonOf(error)}); check S3_ENDPOINT.`
    throw new Fault('ServiceUnavailable', message, { cause: error })
  }
}
