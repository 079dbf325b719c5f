import { Fault } from '@kinoprint/core'
import type { Cloud, CloudBucket, XmlElement } from './cloud-client.ts'

/** A library as GET /dnadb lists it. */
export type CloudLibrary = {
  readonly dnaDbId: string
  readonly name: string
  readonly description: string
  readonly capacity: number
} & CloudBucket

/** A video of a library as GET /dnadb_files lists it. Its bucket is that of the object. */
export type CloudFile = {
  readonly dnaDbId: string
  readonly videoId: string
  readonly object: string
  /** With its double quotes, as in HTTP. */
  readonly etag: string
} & CloudBucket

/** The most that the cloud returns in a page. */
const PAGE_SIZE = 100

/** The libraries of a bucket. */
export async function cloudLibraries(
  cloud: Cloud,
  at: CloudBucket,
  signal: AbortSignal,
): Promise<CloudLibrary[]> {
  const rows = await allRows(cloud, at, { path: '/dnadb', query: '', element: 'DNADbConfig', signal })
  return rows.map((row) => ({
    dnaDbId: required(row, 'DNADbId'),
    name: textOf(row, 'DNADbName'),
    description: textOf(row, 'Description'),
    capacity: Number(textOf(row, 'Capacity')) || 0,
    bucket: textOf(row, 'BucketId') || at.bucket,
    region: textOf(row, 'Region') || at.region,
  }))
}

/** The videos of a library. */
export async function cloudFiles(
  cloud: Cloud,
  { dnaDbId, ...at }: CloudBucket & { readonly dnaDbId: string },
  signal: AbortSignal,
): Promise<CloudFile[]> {
  const query = `dnaDbId=${encodeURIComponent(dnaDbId)}&`
  const rows = await allRows(cloud, at, { path: '/dnadb_files', query, element: 'DNADbFiles', signal })
  return rows.map((row) => ({
    dnaDbId,
    videoId: textOf(row, 'VideoId'),
    object: required(row, 'Object'),
    etag: textOf(row, 'ETag'),
    bucket: textOf(row, 'BucketId') || at.bucket,
    region: textOf(row, 'Region') || at.region,
  }))
}

type Listing = {
  readonly path: string
  /** Empty, or parameters that end in `&`. */
  readonly query: string
  readonly element: string
  readonly signal: AbortSignal
}

/** The rows of all pages. The last page is short or empty, so that a total that grows meanwhile does not matter. */
async function allRows(
  cloud: Cloud,
  at: CloudBucket,
  { path, query, element, signal }: Listing,
): Promise<XmlElement[]> {
  const rows: XmlElement[] = []
  for (let page = 1; ; page++) {
    const target = `${path}?${query}pageNumber=${page}&pageSize=${PAGE_SIZE}`
    const { children } = await cloud.readXml(at, target, signal)
    const total = Number(children.find(({ name }) => name === 'TotalCount')?.text)
    if (!Number.isSafeInteger(total))
      throw new Fault(
        'InvalidContent',
        `Tencent Cloud answered ${path} without a TotalCount. Try again later.`,
      )
    const found = children.filter(({ name }) => name === element)
    rows.push(...found)
    if (found.length === 0 || rows.length >= total) return rows
  }
}

/** Not trimmed, because names of objects may begin or end with spaces. */
function textOf(row: XmlElement, name: string): string {
  return row.children.find((child) => child.name === name)?.text ?? ''
}

function required(row: XmlElement, name: string): string {
  const text = textOf(row, name)
  if (text === '')
    throw new Fault('InvalidContent', `Tencent Cloud listed a ${row.name} without ${name}. Try again later.`)
  return text
}
