import type { LibraryBody } from '@kinoprint/contract'
import type { Library } from '@kinoprint/store'

export const libraryBody = (library: Library): LibraryBody => ({
  ...library,
  createdAt: library.createdAt.toISOString(),
  updatedAt: library.updatedAt.toISOString(),
})
