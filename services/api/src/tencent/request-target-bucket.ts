import { Fault } from '@kinoprint/core'

/** The bucket and region of a request, and whether the request names them (bucket in host or path, region in host). */
export type TargetBucket = {
  readonly bucket: string
  readonly region: string
  readonly namesBucket: boolean
  readonly namesRegion: boolean
}

/** The buckets that a key may use (null: all), and its own region. */
export type KeyBuckets = { readonly buckets: readonly string[] | null; readonly region: string | null }

const VIRTUAL_HOST = /^([a-z0-9][a-z0-9-]{0,59}-[0-9]{1,20})\.ci\.([a-z0-9-]{1,40})(?:[.:]|$)/i
const PATH_STYLE =
  /^\/([a-z0-9][a-z0-9-]{0,59}-[0-9]{1,20})(?=\/(?:jobs|dnadb|dnadb_files|dnadbfiles|queue|mediabucket|inventorytriggerjob|template|workflow)(?:[/?]|$))/

/** Splits a bucket from the path before a route: `/films-125/jobs` becomes films-125 and `/jobs`. */
export function splitPathStyle(target: string): { bucket: string | null; target: string } {
  const match = PATH_STYLE.exec(target)
  return match
    ? { bucket: match[1] ?? null, target: target.slice(match[0].length) }
    : { bucket: null, target }
}

/**
 * The bucket and region of a request: from the path or a host `<bucket-appid>.ci.<region>.*`, else from the key, else
 * the server's defaults. Throws Fault InvalidHost if the key may not use the named bucket.
 */
export function targetBucketOf(
  host: string,
  {
    pathBucket,
    keyBuckets,
    defaults,
  }: { pathBucket: string | null; keyBuckets: KeyBuckets; defaults: { bucket: string; region: string } },
): TargetBucket {
  const virtual = VIRTUAL_HOST.exec(host)
  const named = pathBucket ?? virtual?.[1]?.toLowerCase() ?? null
  const region = virtual?.[2]?.toLowerCase() ?? keyBuckets.region ?? defaults.region
  if (named !== null && keyBuckets.buckets !== null && !keyBuckets.buckets.includes(named)) {
    const part = pathBucket === null ? 'host' : 'path'
    throw new Fault('InvalidHost', `The ${part} names bucket ${named}, which this key may not use.`)
  }
  return {
    bucket: named ?? keyBuckets.buckets?.[0] ?? defaults.bucket,
    region,
    namesBucket: named !== null,
    namesRegion: virtual !== null,
  }
}
