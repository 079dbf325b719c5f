import { baseName } from './format.ts'

/** The names of a query and its reference; the whole names stand in their titles. */
export function PairNames({ query, reference }: { readonly query: string; readonly reference: string }) {
  return (
    <>
      <span class="el" dir="auto" translate={false} title={query}>
        {baseName(query)}
      </span>
      <span class="qq">↔</span>
      <span class="el" dir="auto" translate={false} title={reference}>
        {baseName(reference)}
      </span>
    </>
  )
}
