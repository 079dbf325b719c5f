import { text } from 'node:stream/consumers'
import { Fault } from '@kinoprint/core'
import { checkObjectName, type ObjectStore } from '@kinoprint/objects'
import type { ClaimedInventoryJob } from '@kinoprint/store'

/** The next objects of an inventory job. */
export type NextObjects = {
  readonly objects: readonly string[]
  readonly position: string
  readonly isListed: boolean
}

/** Objects that one batch submits. */
const BATCH_SIZE = 200
/** Bytes of a list of objects. */
const LIST_BYTES_MAX = 16 * 1024 * 1024

/** Reads the next objects after the position of an inventory job. Throws the Faults of the object store. */
export async function nextObjects(objects: ObjectStore, job: ClaimedInventoryJob): Promise<NextObjects> {
  const { bucket, request, position } = job
  const { source } = request
  if (source.kind === 'object') return { objects: [source.object], position: source.object, isListed: true }
  if (source.kind === 'urlFile') return nextLines(objects, job, objectNameOf(source.urlFile, bucket))
  const { items, total } = await objects.list(bucket, {
    prefix: source.prefix,
    after: position,
    pageSize: BATCH_SIZE,
  })
  const wanted = items.filter(({ lastModified }) => isInInterval(lastModified, request))
  const last = items.at(-1)
  return {
    objects: wanted.map(({ object }) => object),
    position: last?.object ?? position,
    isListed: last === undefined || total <= items.length,
  }
}

function isInInterval(
  changed: Date,
  { changedAfter, changedBefore }: ClaimedInventoryJob['request'],
): boolean {
  const isAfter = changedAfter === undefined || changed >= new Date(changedAfter)
  return isAfter && (changedBefore === undefined || changed <= new Date(changedBefore))
}

async function nextLines(
  objects: ObjectStore,
  { bucket, position }: ClaimedInventoryJob,
  list: string,
): Promise<NextObjects> {
  const size = await objects.sizeOf(bucket, list)
  if (size > LIST_BYTES_MAX)
    throw new Fault(
      'ResourceNotSupported',
      `The list ${list} has ${size} bytes. At most ${LIST_BYTES_MAX} are supported.`,
    )
  const lines = (await text((await objects.read(bucket, list)).stream)).split(/\r?\n/)
  const from = Number(position)
  const names = lines
    .slice(from, from + BATCH_SIZE)
    .map((line, index) => ({ line: line.trim(), number: from + index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => objectOnLine(line, { number, list, bucket }))
  const to = from + BATCH_SIZE
  return { objects: names, position: String(to), isListed: to >= lines.length }
}

function objectOnLine(
  line: string,
  { number, list, bucket }: { readonly number: number; readonly list: string; readonly bucket: string },
): string {
  try {
    const name = objectNameOf(line, bucket)
    checkObjectName(name)
    return name
  } catch (cause) {
    throw new Fault('InvalidArgument', `Line ${number} of ${list} is not the name or address of an object.`, {
      cause,
    })
  }
}

/** The name of an object of this bucket, from its name or its address. Addresses are not fetched. */
function objectNameOf(given: string, bucket: string): string {
  if (!/^https?:\/\//i.test(given)) return given.startsWith('/') ? given.slice(1) : given
  const path = pathOf(given).slice(1)
  return path.startsWith(`${bucket}/`) ? path.slice(bucket.length + 1) : path
}

function pathOf(address: string): string {
  try {
    return decodeURIComponent(new URL(address).pathname)
  } catch (cause) {
    throw new Fault('InvalidArgument', `${address} is not the address of an object.`, { cause })
  }
}
