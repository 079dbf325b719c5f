/** What a request may access, by its bucket and its key's policy. Null or absent means everything. */
export type Scope = {
  readonly libraries?: readonly string[] | null | undefined
  readonly buckets?: readonly string[] | null | undefined
  readonly regions?: readonly string[] | null | undefined
}
