/** What a request may see: its bucket, and the policy of its key. Null or absent for everything. */
export type Scope = {
  readonly libraries?: readonly string[] | null | undefined
  readonly buckets?: readonly string[] | null | undefined
  readonly regions?: readonly string[] | null | undefined
}
