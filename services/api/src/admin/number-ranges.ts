type Range = { readonly from: number; readonly to: number }

/** A range as a query has it: `0.9` is from 0.9, `0.5-0.9` from 0.5 to 0.9. */
export function parseRange(text: string | undefined): Range | undefined {
  if (text === undefined) return undefined
  const [from = 0, to = Number.MAX_SAFE_INTEGER] = text.split('-').map(Number)
  return { from, to }
}

type Ranges = { readonly score?: string | undefined; readonly seconds?: string | undefined }

/** The filter of a list of matches with its ranges as numbers. */
export function withRanges<Filter extends Ranges>({
  score,
  seconds,
  ...filter
}: Filter): Omit<Filter, keyof Ranges> & { readonly [Name in keyof Ranges]: Range | undefined } {
  return { ...filter, score: parseRange(score), seconds: parseRange(seconds) }
}
