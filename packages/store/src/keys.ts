import type { Database } from './database.ts'
/** A list of null means that the key may use all of them. */
export type KeyPolicy = {
  readonly actions: readonly string[] | null
  readonly libraries: readonly string[] | null
  /** The first one is its default. */
  readonly buckets: readonly string[] | null
  readonly region: string | null
}
export type ApiKey = KeyPolicy & {
  readonly secretId: string
  readonly secretKey: string
  readonly name: string
}
export type KeyRecord = KeyPolicy & {
  readonly secretId: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}
export type NewKey = Partial<KeyPolicy> & {
  readonly encryptionKey: Buffer
  readonly name: string
  readonly secretId?: string | undefined
  readonly secretKey?: string | undefined
}
export declare function createKey(db: Database, key: NewKey): Promise<ApiKey>
export declare function findKey(
  db: Database,
  options: {
    readonly encryptionKey: Buffer
    readonly secretId: string
    readonly includeRevoked?: boolean | undefined
  },
): Promise<ApiKey | null>
export declare function listKeys(db: Database): Promise<KeyRecord[]>
export declare function revokeKey(db: Database, secretId: string): Promise<boolean>
export declare function touchKey(db: Database, secretId: string): Promise<void>
