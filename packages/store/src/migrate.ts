import type { Database } from './database.ts'
export type MigrateOptions = {
  readonly dir: string
  readonly onProgress?: ((message: string) => void) | undefined
}
export declare function migrate(db: Database, options: MigrateOptions): Promise<{ from: number; to: number }>
