import { newKeySchema, newLibrarySchema, parseAdmin } from '@kinoprint/contract'
import { Fault, pagesOf } from '@kinoprint/core'
import { removeThumbnails } from '@kinoprint/objects'
import {
  createKey,
  createLibrary,
  type Database,
  deleteLibrary,
  type Library,
  listKeys,
  listLibraries,
  revokeKey,
} from '@kinoprint/store'
import type { Maintenance } from '../product/maintenance.ts'
import type { AdminBackend, LibraryRow } from './admin-backend.ts'

export type DirectBackendOptions = {
  readonly db: Database
  readonly place: string
  readonly encryptionKey: Buffer
  readonly defaultBucket: string
  readonly defaultRegion: string
  readonly thumbnailsDir: string
  readonly maintenance: Maintenance
  readonly close: () => Promise<void>
}

const PAGE_SIZE = 100

/** The admin commands on the database itself. */
export const directBackend = ({
  db,
  place,
  encryptionKey,
  defaultBucket,
  defaultRegion,
  thumbnailsDir,
  maintenance,
  close,
}: DirectBackendOptions): AdminBackend => ({
  place,
  listLibraries: async () => (await allLibraries(db)).map(libraryRow),
  createLibrary: async (fields) => {
    const asked = parseAdmin(newLibrarySchema, fields)
    const { bucket = defaultBucket, region = defaultRegion } = asked
    return libraryRow(await createLibrary(db, { ...asked, bucket, region, nameMustBeUnique: true }))
  },
  deleteLibrary: async (dnaDbId, { force }) => {
    const videoIds = await deleteLibrary(db, dnaDbId, { force })
    if (videoIds === null) throw new Fault('NotFound', `There is no library ${dnaDbId}.`)
    await removeThumbnails(thumbnailsDir, videoIds)
  },
  listKeys: async () =>
    (await listKeys(db)).map(({ secretId, name, createdAt, lastUsedAt }) => ({
      secretId,
      name,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
  createKey: async (fields) => {
    const { secretId, secretKey } = await createKey(db, {
      ...parseAdmin(newKeySchema, fields),
      encryptionKey,
    })
    return { secretId, secretKey }
  },
  revokeKey: async (secretId) => {
    if (!(await revokeKey(db, secretId))) throw new Fault('NotFound', `There is no key ${secretId}.`)
  },
  migrate: maintenance.migrate,
  reindex: maintenance.reindex,
  check: ({ repair }) => (repair ? maintenance.repair() : maintenance.check()),
  close,
})

const allLibraries = async (db: Database): Promise<Library[]> => {
  const libraries: Library[] = []
  for await (const library of pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))) {
    libraries.push(library)
  }
  return libraries
}

const libraryRow = (library: Library): LibraryRow => ({
  ...library,
  createdAt: library.createdAt.toISOString(),
})
