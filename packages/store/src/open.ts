import type { Database } from './database.ts'

export type OpenOptions = (
  | { readonly databaseUrl: string }
  /** Folder of the embedded database; one opener at a time. */
  | { readonly dataDir: string }
) & {
  /** Clients at once; 10 unless told. BullMQ's PostgreSQL backend keeps one for each LISTEN. */
  readonly poolSize?: number | undefined
  /** Told what the first start is doing, one short sentence at a time. */
  readonly onProgress?: ((message: string) => void) | undefined
  /** Told of an idle client that broke; the pool replaces it. */
  readonly onError?: ((error: Error) => void) | undefined
}

export declare function openDatabase(options: OpenOptions): Promise<Database>
