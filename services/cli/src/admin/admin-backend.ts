/** A library as the admin API shows it; times are ISO 8601. */
export type LibraryRow = {
  readonly dnaDbId: string
  readonly name: string
  readonly videoCount: number
  readonly capacity: number
  readonly totalSeconds: number
  readonly createdAt: string
}

type NewLibraryFields = {
  readonly name: string
  readonly description?: string
  readonly capacity?: number
  readonly bucket?: string
  readonly region?: string
  readonly minSimilar?: number
  readonly detectOnStore?: boolean
}

export type KeyRow = {
  readonly secretId: string
  readonly name: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
}

type NewKeyFields = {
  readonly name: string
  /** `['*']` for all of them, here and below. */
  readonly actions: readonly string[]
  readonly libraries: readonly string[]
  readonly buckets: readonly string[]
  readonly region?: string
}

export type CheckReport = {
  /** Empty when all is well. */
  readonly faults: readonly { readonly message: string; readonly repaired: boolean }[]
  /** What was put right, one sentence each. */
  readonly repairs: readonly string[]
  /** What is worth knowing and may be as it is wanted. */
  readonly notes: readonly string[]
}

/** What the admin commands do: on the database itself, or through the server that holds it. */
export type AdminBackend = {
  /** How to name it to the user, e.g. `the server at http://127.0.0.1:8080`. */
  readonly place: string
  listLibraries(): Promise<readonly LibraryRow[]>
  createLibrary(fields: NewLibraryFields): Promise<LibraryRow>
  deleteLibrary(dnaDbId: string, options: { force: boolean }): Promise<void>
  listKeys(): Promise<readonly KeyRow[]>
  createKey(fields: NewKeyFields): Promise<{ secretId: string; secretKey: string }>
  revokeKey(secretId: string): Promise<void>
  /** Numbers of the newest migration before and after. */
  migrate(): Promise<{ from: number; to: number }>
  /** Builds the candidate index anew from the stored fingerprints. */
  reindex(): Promise<{ videos: number }>
  check(options: { repair: boolean }): Promise<CheckReport>
  close(): Promise<void>
}

/** Runs one admin command on whichever holds the database, and lets go of it afterwards. */
export type WithBackend = (work: (backend: AdminBackend) => Promise<void>) => Promise<void>

export const say = (text: string): void => void process.stdout.write(`${text}\n`)
