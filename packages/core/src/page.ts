/** The page of a list that a caller wants. Page numbers start at 1, sizes run from 1 to 100. Default: the first 20. */
export type PageBounds = { readonly page?: number | undefined; readonly pageSize?: number | undefined }

export type Page<T> = {
  readonly items: readonly T[]
  /** Items of the whole list. */
  readonly total: number
  readonly page: number
  readonly pageSize: number
}

const DEFAULT_PAGE_SIZE = 20

/** A page as `limit` and `offset` of an SQL statement. */
export function pageWindow({ page = 1, pageSize = DEFAULT_PAGE_SIZE }: PageBounds): {
  limit: number
  offset: number
} {
  return { limit: pageSize, offset: (page - 1) * pageSize }
}

/** The page made of the items that were read. */
export function pageOf<T>(
  items: readonly T[],
  { filter, total }: { readonly filter: PageBounds; readonly total: number },
): Page<T> {
  return { items, total, page: filter.page ?? 1, pageSize: filter.pageSize ?? DEFAULT_PAGE_SIZE }
}

/** Every item of a paged list. An item can appear twice when others are added during the walk. */
export async function* pagesOf<T>(
  read: (page: number) => Promise<{ items: readonly T[]; total: number }>,
): AsyncGenerator<T> {
  let seen = 0
  for (let page = 1; ; page++) {
    const { items, total } = await read(page)
    yield* items
    seen += items.length
    if (items.length === 0 || seen >= total) return
  }
}
