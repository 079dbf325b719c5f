import type { Database } from './database.ts'
import type { Page, PageRequest } from './page.ts'
export type Library = {
  readonly dnaDbId: string
  readonly name: string
  readonly description: string
  /** Videos that it may hold. */
  readonly capacity: number
  /** What /dnadb shows; any key that may use the library can use it from any bucket. */
  readonly bucket: string
  readonly region: string
  /** 0..100: a detection whose Similar and Audio.Similar both lie under it is hidden. */
  readonly minSimilar: number
  readonly detectOnStore: boolean
  readonly videoCount: number
  /** Decimal seconds of all its videos. */
  readonly totalSeconds: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
export type NewLibrary = {
  readonly name: string
  readonly bucket: string
  readonly region: string
  readonly description?: string | undefined
  readonly capacity?: number | undefined
  readonly minSimilar?: number | undefined
  readonly detectOnStore?: boolean | undefined
  readonly dnaDbId?: string | undefined
}
export type LibraryChanges = Partial<Omit<NewLibrary, 'dnaDbId'>>
export type LibraryFilter = {
  readonly ids?: readonly string[] | undefined
  readonly libraries?: readonly string[] | null | undefined
}
export declare function createLibrary(db: Database, library: NewLibrary): Promise<Library>
export declare function getLibrary(db: Database, dnaDbId: string): Promise<Library | null>
export declare function listLibraries(
  db: Database,
  filter: Partial<PageRequest> & LibraryFilter,
): Promise<Page<Library>>
export declare function updateLibrary(
  db: Database,
  dnaDbId: string,
  changes: LibraryChanges,
): Promise<Library | null>
export declare function deleteLibrary(
  db: Database,
  dnaDbId: string,
  options?: { readonly force?: boolean },
): Promise<boolean>
