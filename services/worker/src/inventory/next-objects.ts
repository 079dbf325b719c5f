import { text } from 'node:stream/consumers'
import { Fault } from '@kinoprint/core'
import type { ObjectStore } from '@kinoprint/objects'
import type { ClaimedInventoryJob } from '@kinoprint/store'
import { isInInterval } from './interval.ts'
import { type NextObjects, nextRows } from './next-rows.ts'
import { objectNameOf, objectOnLine } from './object-names.ts'

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
  if (source.kind === 'manifest') return nextRows(objects, job, source.manifest)
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
    .map(({ line, number }) => objectOnLine({ number, list }, () => objectNameOf(line, bucket)))
  const to = from + BATCH_SIZE
  return { objects: names, position: String(to), isListed: to >= lines.length }
}
