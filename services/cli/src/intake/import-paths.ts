import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { AdminBackend } from '../admin/backend.ts'
import { INCOMPLETE } from '../admin/exit-codes.ts'
import { print } from '../admin/output.ts'
import { systemFault } from '../file-fault.ts'
import { excludeNames } from '../files/exclude-names.ts'
import { listVideos, UNLISTED } from '../files/list-videos.ts'
import { reportInterruption, untilInterrupted } from '../until-interrupted.ts'
import { targetOf } from './file-job.ts'
import { fileItem, objectItem } from './folder-items.ts'
import { type Imported, type ImportItem, importItems } from './import-items.ts'
import { intakeFormats } from './intake-formats.ts'
import { readObjectList } from './read-object-list.ts'

type Import = {
  readonly flags: { readonly library: string; readonly bucket?: string; readonly prefix?: string }
  /** Prints a JSON object for each file instead of the counts. */
  readonly json: boolean
}

/** Imports files, prints what became of them, and sets the exit code. */
export async function importFiles(
  backend: AdminBackend,
  { paths, flags, json }: Import & { readonly paths: readonly string[] },
): Promise<void> {
  const target = await targetOf(backend, flags, 'GetFingerPrint')
  const files = paths.map((path) => ({ name: basename(path), path }))
  await run(
    files.map((file) => fileItem(backend, target, file)),
    [],
    json,
  )
}

type Folder = Import & { readonly path: string; readonly exclude: readonly string[] }

/** Imports a folder or the objects of a CSV file, prints what became of them, and sets the exit code. */
export async function importFolderOrList(backend: AdminBackend, folder: Folder): Promise<void> {
  const { items, skipped } = await itemsOf(backend, folder)
  await run(items, skipped, folder.json)
}

/** Imports the items, prints what became of them, and sets the exit code. */
async function run(items: readonly ImportItem[], skipped: readonly Imported[], json: boolean): Promise<void> {
  const counts = { stored: 0, skipped: 0, failed: 0 }
  const onDone = (imported: Imported): void => {
    counts[imported.state]++
    if (json) print(JSON.stringify(imported))
  }
  for (const one of skipped) {
    onDone(one)
    process.stderr.write(`${one.name}: ${one.reason}\n`)
  }
  await untilInterrupted(async (signal) => {
    await importItems(items, { signal, onDone })
    const { stored, failed } = counts
    if (!json) print(`${stored} stored, ${counts.skipped} skipped, ${failed} failed.`)
    if (signal.aborted) reportInterruption()
    else if (failed > 0) process.exitCode = INCOMPLETE
  })
}

async function itemsOf(
  backend: AdminBackend,
  { path, exclude, flags }: Folder,
): Promise<{ items: ImportItem[]; skipped: Imported[] }> {
  const target = await targetOf(backend, flags, 'GetFingerPrint')
  const stats = await stat(path).catch((error: unknown) => {
    throw systemFault(error)
  })
  if (!stats.isDirectory()) {
    const rows = await readObjectList(path, target)
    return { items: rows.map((row) => objectItem(backend, target.dnaDbId, row)), skipped: [] }
  }
  const formats = await intakeFormats(backend)
  const listed = await listVideos(path, { exclude: excludeNames(exclude), skipHidden: true, formats })
  const leftOut = (state: Imported['state']) => (one: { readonly name: string; readonly reason: string }) => {
    return { ...one, state, videoId: null, jobId: null }
  }
  const skipped = [
    ...listed.skipped.map(leftOut('skipped')),
    ...listed.unlisted.map((name) => leftOut('failed')({ name, reason: UNLISTED })),
  ]
  return { items: listed.videos.map((file) => fileItem(backend, target, file)), skipped }
}
