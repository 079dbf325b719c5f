import { Fault } from '@kinoprint/core'
import type { ListOptions } from './object-store.ts'

const DEFAULT_PAGE_SIZE = 100
const MAX_PAGE_SIZE = 1000

/** Maximum number of folders in a list with a delimiter, which are not paged. */
const MAX_PREFIXES = 10_000

/** A prefix, and the slice of the matching names that a page covers. */
export type ListSlice = { readonly prefix: string; readonly from: number; readonly to: number }

/** Throws Fault InvalidArgument for numbers out of range. */
export function sliceOf({ prefix = '', page = 1, pageSize = DEFAULT_PAGE_SIZE }: ListOptions): ListSlice {
  if (!Number.isInteger(page) || page < 1) throw new Fault('InvalidArgument', 'page must be 1 or more.')
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
    throw new Fault('InvalidArgument', `pageSize must be 1 to ${MAX_PAGE_SIZE}.`)
  }
  return { prefix, from: (page - 1) * pageSize, to: page * pageSize }
}

/** Sorts the folders of a list. Throws Fault InvalidArgument if they are too many. */
export function sortPrefixes(prefixes: readonly string[]): string[] {
  if (prefixes.length > MAX_PREFIXES)
    throw new Fault('InvalidArgument', `The list has more than ${MAX_PREFIXES} folders. Use a longer prefix.`)
  return [...new Set(prefixes)].sort(compareBytes)
}

/** The order of S3. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** The refusal of a list with more than this many objects. */
export function tooManyObjects(count: number): Fault {
  return new Fault('InvalidArgument', `The list has more than ${count} objects. Use a longer prefix.`)
}
