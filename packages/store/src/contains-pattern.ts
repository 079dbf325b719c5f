/** The pattern of LIKE and ILIKE for texts that contain `text`, whose own `%` and `_` stand for themselves. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

/**
 * A condition: whether a column contains `text`, in any case. Collation C folds the case of ASCII letters only, and costs
 * half of folding by the rules of a language. With other letters, only rows that hold the first of these in one of its
 * cases are folded: looking for it costs a third.
 */
export function containsCondition(column: string, text: string, bind: (value: unknown) => string): string {
  const pattern = bind(containsPattern(text))
  const letter = [...text].find((one) => one >= '\u0080' && casesOf(one).length > 1)
  if (letter === undefined) return `${column} collate "C" ilike ${pattern}`
  const cases = bind(casesOf(letter).map(containsPattern))
  return `(${column} collate "C" like any (${cases}::text[]) and ${column} ilike ${pattern})`
}

/** A letter in all its cases; itself alone if it has none. */
function casesOf(letter: string): readonly string[] {
  const folded = letter.toLowerCase()
  return lettersByFold().get(folded) ?? [letter]
}

/** The last plane with cased letters. */
const LAST_LETTER = 0x1ffff
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff
let byFold: ReadonlyMap<string, readonly string[]> | null = null

/** Letters that become the same in lower case, such as K, k and the sign of the kelvin. Made once, in 20 ms. */
function lettersByFold(): ReadonlyMap<string, readonly string[]> {
  if (byFold !== null) return byFold
  const found = new Map<string, string[]>()
  for (let code = 0; code <= LAST_LETTER; code++) {
    if (code >= FIRST_SURROGATE && code <= LAST_SURROGATE) continue
    const letter = String.fromCodePoint(code)
    const folded = letter.toLowerCase()
    if (folded !== letter) found.set(folded, [...(found.get(folded) ?? [folded]), letter])
  }
  byFold = found
  return byFold
}
