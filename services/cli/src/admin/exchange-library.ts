import { createReadStream, createWriteStream } from 'node:fs'
import { rename, stat, truncate } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Fault } from '@kinoprint/core'
import { inspectLibraryFile, type LibraryFileState, readLibraryFile } from '@kinoprint/store'
import { type AdminBackend, listAll } from './backend.ts'
import type { ImportFlags } from './exchange-commands.ts'
import { libraryIdOf } from './find-library.ts'
import { print } from './output.ts'

/** Writes `<file>.part`, which becomes the file when it is complete and checked. A second run goes on after a failure. */
export async function exportTo(backend: AdminBackend, dnaDbId: string, path: string): Promise<void> {
  const older = await stat(path).catch(() => null)
  if (older !== null && !older.isFile())
    throw new Fault('InvalidArgument', `${path} is not a regular file. Name a file.`)
  const part = `${path}.part`
  const started = await inspect(part)
  const resume = started !== null && settingsOf(started.library).dnaDbId === dnaDbId ? started.resume : null
  if (started !== null && resume !== null) {
    await truncate(part, started.end)
    process.stderr.write(`Continuing after ${started.count} videos.\n`)
  }
  const chunks = await backend.exportLibraryFile({ dnaDbId, resume: resume ?? undefined })
  await pipeline(chunks, createWriteStream(part, { flags: resume === null ? 'w' : 'a' }))
  const written = await inspect(part)
  if (written?.isComplete !== true)
    throw new Fault('ServiceUnavailable', 'The export broke off. Run the same command again to continue.')
  await rename(part, path)
  print(`Exported ${written.count} videos to ${path}.`)
}

async function inspect(path: string): Promise<LibraryFileState | null> {
  const file = await stat(path).catch(() => null)
  return file === null ? null : inspectLibraryFile(createReadStream(path))
}

/** Adds the videos of a library file to its library, which is created if necessary. Prints what became of them. */
export async function importFrom(backend: AdminBackend, path: string, flags: ImportFlags): Promise<void> {
  const head = createReadStream(path)
  const { library } = await readLibraryFile(head).finally(() => head.destroy())
  const dnaDbId =
    (await libraryIdOf(backend, flags.library)) ??
    (await libraryFor(backend, settingsOf(library), flags.name))
  process.stderr.write(`Importing into library ${dnaDbId}.\n`)
  const { replace } = flags
  const chunks = createReadStream(path)
  const report = await backend.importLibraryFile({ dnaDbId, chunks, replace })
  const { videos, stored, unchanged, replaced, kept } = report
  print(`${videos} videos: ${stored} stored, ${unchanged} unchanged, ${replaced} replaced, ${kept} kept.`)
  if (kept > 0)
    process.stderr.write(
      'Kept videos have other content under the same name. Use --replace to import those of the file.\n',
    )
}

type Settings = Readonly<Record<string, unknown>>

function settingsOf(library: unknown): Settings {
  return typeof library === 'object' && library !== null ? (library as Settings) : {}
}

/** The settings of a library that an import restores. */
const RESTORED = [
  ...[
    'description',
    'capacity',
    'bucket',
    'region',
    'minSimilar',
    'detectOnStore',
    'suppressDismissed',
    'floodGuard',
  ],
  ...['storeDetail', 'store', 'policy'],
]

/** The library of the same id, or a new one with the settings of the file. */
async function libraryFor(backend: AdminBackend, settings: Settings, name?: string): Promise<string> {
  const known = await listAll(backend.listLibraries)
  if (known.some(({ dnaDbId }) => dnaDbId === settings.dnaDbId)) return String(settings.dnaDbId)
  const restored = Object.fromEntries(RESTORED.map((field) => [field, settings[field]]))
  // The route checks every field.
  const body = { ...restored, dnaDbId: settings.dnaDbId, name: name ?? settings.name }
  const created = await backend.createLibrary({ body: body as { name: string } })
  return created.dnaDbId
}
