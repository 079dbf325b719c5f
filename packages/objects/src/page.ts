import { Fault } from '@kinoprint/core'
import type { ListOptions } from './object-store.ts'

const DEFAULT_PAGE_SIZE = 100
const MAX_PAGE_SIZE = 1000

export type Page = { readonly prefix: string; readonly from: number; readonly to: number }

/** The slice of the whole list that a page stands for. Throws InvalidArgument for numbers out of range. */
export const pageOf = ({ prefix = '', page = 1, pageSize = DEFAULT_PAGE_SIZE }: ListOptions): Page => {
  if (!Number.isInteger(page) || page < 1) throw new Fault('InvalidArgument', 'page must be 1 or more.')
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
    throw new Fault('InvalidArgument', `pageSize must be 1 to ${MAX_PAGE_SIZE}.`)
  }
  return { prefix, from: (page - 1) * pageSize, to: page * pageSize }
}
