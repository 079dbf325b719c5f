import { readFile } from 'node:fs/promises'
import { errorText, Fault } from '@kinoprint/core'
import { parse } from 'csv-parse/sync'
import type { ObjectRow } from './folder-items.ts'

type Defaults = Pick<ObjectRow, 'bucket' | 'region'>

/**
 * Reads a CSV (RFC 4180) whose header names the column `object`, and may name `bucket` and `region`. Other columns are
 * ignored, empty cells have the defaults.
 *
 * @throws Fault InvalidArgument if the file is no such CSV, or names no object.
 */
export async function readObjectList(path: string, defaults: Defaults): Promise<ObjectRow[]> {
  const rows = parseRows(path, await readFile(path, 'utf8'))
  const listed = rows.flatMap(({ object = '', bucket, region }) =>
    object === '' ? [] : [{ object, bucket: bucket || defaults.bucket, region: region || defaults.region }],
  )
  if (listed.length === 0)
    throw new Fault(
      'InvalidArgument',
      `${path} names no object. Write a line "object", then one name a line.`,
    )
  return [...new Map(listed.map((row) => [`${row.bucket}\0${row.object}`, row])).values()]
}

function parseRows(path: string, text: string): Readonly<Record<string, string | undefined>>[] {
  try {
    return parse(text, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
    })
  } catch (cause) {
    throw new Fault('InvalidArgument', `${path} is not a CSV file: ${errorText(cause)}.`, { cause })
  }
}
