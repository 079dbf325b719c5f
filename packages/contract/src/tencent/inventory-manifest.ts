import { Fault } from '@kinoprint/core'
import { z } from 'zod'

/** A data file is named in full on each line of a manifest, and COS writes far fewer. Our own. */
const FILES_MAX = 1000

const manifestSchema = z.object({
  sourceAppid: z.string().optional(),
  sourceBucket: z.string(),
  fileFormat: z.string(),
  fileSchema: z.string().max(4096),
  files: z.array(z.object({ key: z.string().min(1) })).max(FILES_MAX),
})

/** What the manifest.json of a COS or S3 inventory says about its data files. */
export type InventoryManifest = {
  /** Names of the data files, which are CSV, packed with gzip if the name ends in `.gz`. */
  readonly files: readonly string[]
  /** Names of the columns of the data files, in lower case. */
  readonly columns: readonly string[]
}

/**
 * Parses the manifest.json of an inventory of `bucket`. The data files are CSV.
 *
 * @throws Fault InvalidArgument if it is no such manifest, lists another bucket, or has data files of another format.
 */
export function parseInventoryManifest(
  text: string,
  { name, bucket }: { readonly name: string; readonly bucket: string },
): InventoryManifest {
  const { data, error } = manifestSchema.safeParse(jsonOf(text))
  if (data === undefined) {
    const [issue] = error.issues
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    throw new Fault(
      'InvalidArgument',
      `${name} is not the manifest.json of an inventory: ${where}${issue?.message}.`,
    )
  }
  const { sourceBucket, sourceAppid, fileFormat, fileSchema, files } = data
  if (sourceBucket !== bucket && `${sourceBucket}-${sourceAppid}` !== bucket)
    throw new Fault(
      'InvalidArgument',
      `${name} lists the bucket ${sourceBucket.slice(0, 63)}, not ${bucket}. Name a manifest of this bucket.`,
    )
  if (fileFormat.toUpperCase() !== 'CSV')
    throw new Fault(
      'InvalidArgument',
      `${name} has data files of another format. Export the inventory as CSV.`,
    )
  const columns = fileSchema.split(',').map((column) => column.trim().toLowerCase())
  if (!columns.includes('key'))
    throw new Fault('InvalidArgument', `${name} names no column Key in its fileSchema.`)
  return { files: files.map(({ key }) => key), columns }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
