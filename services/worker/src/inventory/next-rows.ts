import { parseInventoryManifest } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { ObjectStore } from '@kinoprint/objects'
import type { ClaimedInventoryJob } from '@kinoprint/store'
import { parse } from 'csv-parse/sync'
import { isInInterval } from './interval.ts'
import { readLines } from './object-lines.ts'
import { objectNameOf, objectOnLine } from './object-names.ts'

/** The next objects of an inventory job. */
export type NextObjects = {
  readonly objects: readonly string[]
  readonly position: string
  readonly isListed: boolean
}

/** Lines that one batch reads. Each batch unpacks its data file from the start. */
const BATCH_LINES = 1000
const MANIFEST_BYTES_MAX = 1024 * 1024
/** A percent-encoded key takes at most 3 kB. */
const LINE_BYTES_MAX = 16 * 1024
/** Bytes of a data file, unpacked. */
const FILE_BYTES_MAX = 256 * 1024 * 1024
/** Lines of all data files. */
const LINES_MAX = 1_000_000

/** How far a job is: the data file, the lines read of it, and the lines read of all. */
type Position = { readonly file: number; readonly line: number; readonly total: number }

/** Reads the next objects from the data files of an inventory. Throws Faults for a manifest or file that is not one. */
export async function nextRows(
  objects: ObjectStore,
  job: ClaimedInventoryJob,
  manifest: string,
): Promise<NextObjects> {
  const { bucket } = job
  const name = objectNameOf(manifest, bucket)
  const { files, columns } = parseInventoryManifest(await smallText(objects, bucket, name), { name, bucket })
  const position = positionOf(job.position)
  const file = files[position.file]
  if (file === undefined) return { objects: [], position: job.position, isListed: true }
  const lines = await batchOf(objects, { bucket, file, from: position.line })
  const total = position.total + lines.length
  if (total > LINES_MAX)
    throw new Fault(
      'ResourceNotSupported',
      `The inventory of ${name} has more than ${LINES_MAX} objects. Split it by prefix.`,
    )
  const isFileRead = lines.length < BATCH_LINES
  const next = isFileRead
    ? { file: position.file + 1, line: 0, total }
    : { ...position, line: position.line + lines.length, total }
  return {
    objects: lines.flatMap((line, index) =>
      wantedObject(line, { job, columns, list: file, number: position.line + index + 1 }),
    ),
    position: `${next.file}:${next.line}:${next.total}`,
    isListed: isFileRead && next.file >= files.length,
  }
}

function positionOf(position: string): Position {
  const [file = 0, line = 0, total = 0] = position === '' ? [] : position.split(':').map(Number)
  return { file, line, total }
}

async function smallText(objects: ObjectStore, bucket: string, name: string): Promise<string> {
  const { stream } = await objects.read(bucket, name)
  const limit = { lineBytesMax: MANIFEST_BYTES_MAX, bytesMax: MANIFEST_BYTES_MAX }
  const lines: string[] = []
  for await (const line of readLines(stream, { name, isPacked: false, from: 0, ...limit })) lines.push(line)
  return lines.join('\n')
}

async function batchOf(
  objects: ObjectStore,
  { bucket, file, from }: { readonly bucket: string; readonly file: string; readonly from: number },
): Promise<string[]> {
  const { stream } = await objects.read(bucket, file)
  const limits = { lineBytesMax: LINE_BYTES_MAX, bytesMax: FILE_BYTES_MAX }
  const lines: string[] = []
  for await (const line of readLines(stream, {
    name: file,
    isPacked: file.endsWith('.gz'),
    from,
    ...limits,
  })) {
    lines.push(line)
    if (lines.length === BATCH_LINES) break
  }
  return lines
}

type Row = {
  readonly job: ClaimedInventoryJob
  readonly columns: readonly string[]
  readonly list: string
  readonly number: number
}

/** The object of a line; none for an empty line, a folder, an old version, or outside the interval. */
function wantedObject(line: string, { job, columns, list, number }: Row): string[] {
  if (line.trim() === '') return []
  const row = rowOf(line, columns)
  const key = row?.key
  if (row === undefined || key === undefined)
    throw new Fault('InvalidArgument', `Line ${number} of ${list} does not have the columns of the manifest.`)
  if (key.endsWith('/') || /^true$/i.test(row.isdeletemarker ?? '') || /^false$/i.test(row.islatest ?? ''))
    return []
  const { changedAfter, changedBefore } = job.request
  if (changedAfter !== undefined || changedBefore !== undefined) {
    const changed = new Date(row.lastmodifieddate ?? '')
    if (Number.isNaN(changed.getTime()))
      throw new Fault(
        'InvalidArgument',
        `Line ${number} of ${list} has no LastModifiedDate, which TimeInterval needs. Export the inventory with it.`,
      )
    if (!isInInterval(changed, job.request)) return []
  }
  // In inventories, keys are percent-encoded, and a space may be a plus sign.
  return [objectOnLine({ number, list }, () => decodeURIComponent(key.replaceAll('+', ' ')))]
}

/** The columns of a line by their names; undefined if it is not CSV. */
function rowOf(line: string, columns: readonly string[]): Readonly<Record<string, string>> | undefined {
  try {
    const rows: Record<string, string>[] = parse(line, {
      columns: [...columns],
      relax_column_count_more: true,
    })
    return rows[0]
  } catch {
    return undefined
  }
}
