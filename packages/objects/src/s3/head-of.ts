import type { ObjectHead } from '../object-store.ts'

type S3Head = {
  readonly ContentLength?: number | undefined
  readonly ContentRange?: string | undefined
  readonly ETag?: string | undefined
  readonly LastModified?: Date | undefined
}

/** The size is that of the whole object, which an answer to a range states in Content-Range only. */
export const headOf = ({ ContentLength, ContentRange, ETag, LastModified }: S3Head): ObjectHead => {
  const total = /\/(\d+)$/.exec(ContentRange ?? '')?.[1]
  return {
    size: total === undefined ? (ContentLength ?? 0) : Number(total),
    etag: quoted(ETag ?? ''),
    lastModified: LastModified ?? new Date(0),
  }
}

/** Some servers leave the quotes out. */
export const quoted = (etag: string): string => (etag.startsWith('"') ? etag : `"${etag}"`)
