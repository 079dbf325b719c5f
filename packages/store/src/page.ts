/** Page numbers start at 1, sizes run from 1 to 100; the first 20 where nothing is asked for. */
export type PageBounds = { readonly page?: number | undefined; readonly pageSize?: number | undefined }

export type Page<T> = {
  readonly items: readonly T[]
  readonly total: number
  readonly page: number
  readonly pageSize: number
}

const DEFAULT_PAGE_SIZE = 20

export const pageWindow = ({
  page = 1,
  pageSize = DEFAULT_PAGE_SIZE,
}: PageBounds): { limit: number; offset: number } => ({
  limit: pageSize,
  offset: (page - 1) * pageSize,
})

export const pageOf = <T>(
  items: readonly T[],
  { filter, total }: { readonly filter: PageBounds; readonly total: number },
): Page<T> => ({ items, total, page: filter.page ?? 1, pageSize: filter.pageSize ?? DEFAULT_PAGE_SIZE })

/** Every item of a paged list. Items that are added meanwhile may come twice, which does no harm here. */
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
