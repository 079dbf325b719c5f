/** Page numbers start at 1, sizes run from 1 to 100. */
export type PageRequest = { readonly page: number; readonly pageSize: number }

export type Page<T> = {
  readonly items: readonly T[]
  readonly total: number
  readonly page: number
  readonly pageSize: number
}
