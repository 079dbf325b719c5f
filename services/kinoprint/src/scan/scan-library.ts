import { createLibrary, type Database, listLibraries } from '@kinoprint/store'

/** The one library of a scan's data folder. */
const NAME = 'scan'
/** Bucket under which its videos stand; names in it are relative to the folder. */
export const SCAN_BUCKET = 'scan'
export const SCAN_REGION = 'local'
const CAPACITY = 1_000_000

/** Finds the library of an earlier scan in this data folder, or makes it. */
export const scanLibrary = async (db: Database): Promise<string> => {
  const { items } = await listLibraries(db, { page: 1, pageSize: 100 })
  const kept = items.find((library) => library.name === NAME)
  if (kept !== undefined) return kept.dnaDbId
  const made = await createLibrary(db, {
    name: NAME,
    bucket: SCAN_BUCKET,
    region: SCAN_REGION,
    capacity: CAPACITY,
  })
  return made.dnaDbId
}
