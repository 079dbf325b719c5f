import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { WriteOptions } from './object-store.ts'
import type { WrittenFile } from './write-stream.ts'

/** Keeps the parts of uploads in their bucket, under names that are not objects. */
export type PartStore = {
  /** Stores a part under a name of `newPartName`. A part that does not arrive completely is not stored. */
  readonly put: (
    bucket: string,
    name: string,
    stream: AsyncIterable<Uint8Array>,
    options?: WriteOptions,
  ) => Promise<WrittenFile>
  readonly read: (bucket: string, name: string) => Promise<Readable>
  /** Succeeds also if the part does not exist. */
  readonly remove: (bucket: string, name: string) => Promise<void>
}

/** Folder of the parts within the reserved folder of a bucket. */
export const PARTS = 'parts'

/** A new name of a part. */
export function newPartName(): string {
  return randomUUID()
}
