import type { Log } from '@kinoprint/core'
import { type ImportReport, type ImportRequest, importLibrary, ThreadPool } from '@kinoprint/engine'
import type { Settings } from '@kinoprint/runtime'
import type { Database } from '@kinoprint/store'
import { thumbnailsDir } from '../data-folder.ts'
import type { Product } from './open-product.ts'

export type LibraryImport = {
  run(request: ImportRequest): Promise<ImportReport>
  close(): Promise<void>
}

/** The imports of a server process. */
export function importOf(
  { db }: Pick<Product, 'db'>,
  { settings, log }: { settings: Pick<Settings, 'dataDir'>; log: Log },
): LibraryImport {
  return createLibraryImport({ db, thumbnailsDir: thumbnailsDir(settings.dataDir), log })
}

type Parts = { readonly db: Database; readonly thumbnailsDir: string | null; readonly log: Log }

/** Imports library files with a thread of its own, started on first use, so that jobs keep theirs. */
export function createLibraryImport(parts: Parts): LibraryImport {
  const pool = new ThreadPool({ threads: 1 })
  const closing = new AbortController()
  return {
    run: ({ signal, ...request }) =>
      importLibrary({ ...parts, pool }, { ...request, signal: AbortSignal.any([signal, closing.signal]) }),
    close: () => {
      closing.abort()
      return pool.close()
    },
  }
}
