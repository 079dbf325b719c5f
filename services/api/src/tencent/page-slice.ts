import type { Paging } from '@kinoprint/contract'

/** One page of a short list that was read as a whole. */
export const pageSlice = <T>(items: readonly T[], { pageNumber, pageSize }: Paging): readonly T[] =>
  items.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
