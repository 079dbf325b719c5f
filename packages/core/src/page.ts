/** The page of a list to return. Page numbers start at 1, sizes range from 1 to 100. Default: the first 20 items. */
export type PageBounds = { readonly page?: number | undefined; readonly pageSize?: number | undefined }

export type Page<T> = {
  readonly items: readonly T[]
  /** Number of items in the whole list. */
  readonly total: number
  readonly page: number
  readonly pageSize: number
}

const DEFAULT_PAGE_SIZE = 20

/** Converts a page to `limit` and `offset` of an SQL statement. */
export function pageWindow({ page = 1, pageSize = DEFAULT_PAGE_SIZE }: PageBounds): {
  limit: number
  offset: number
} {
  return { limit: pageSize, offset: (page - 1) * pageSize }
}

/** Builds a page from the items that were read. */
export function pageOf<T>(
  items: readonly T[],
  { filter, total }: { readonly filter: PageBounds; readonly total: number },
): Page<T> {
  return { items, total, page: filter.page ?? 1, pageSize: filter.pageSize ?? DEFAULT_PAGE_SIZE }
}

/** Yields every item of a paged list. An item can appear twice if others are added during iteration. */
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
