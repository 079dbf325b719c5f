/** A sentence of a Markdown text, with its line and its number of words. */
export type Sentence = { readonly line: number; readonly text: string; readonly words: number }

const sentenceSegmenter = new Intl.Segmenter('en', { granularity: 'sentence' })
const wordSegmenter = new Intl.Segmenter('en', { granularity: 'word' })

/**
 * The sentences of a Markdown text. Skips code blocks, HTML comments and rows of dashes. Each table cell and
 * list item stands alone. Inline code and addresses count as one word.
 */
export function sentencesOf(markdown: string): Sentence[] {
  return blocksOf(markdown)
    .flatMap(({ line, text }) =>
      [...sentenceSegmenter.segment(plainTextOf(text))].map(({ segment }) => ({
        line,
        text: segment.trim(),
        words: [...wordSegmenter.segment(segment)].filter(({ isWordLike }) => isWordLike).length,
      })),
    )
    .filter(({ words }) => words > 0)
}

type Block = { readonly line: number; readonly text: string }

function blocksOf(markdown: string): Block[] {
  const blocks: { line: number; text: string }[] = []
  let open: { line: number; text: string } | undefined
  let fence: string | undefined
  markdown.split('\n').forEach((raw, index) => {
    const text = raw.trim()
    const mark = /^(?:```|~~~)/.exec(text)?.[0]
    if (fence !== undefined || mark !== undefined) {
      fence = fence === undefined ? mark : text.startsWith(fence) ? undefined : fence
      open = undefined
    } else if (text.startsWith('|')) {
      open = undefined
      blocks.push(...text.split(/(?<!\\)\|/).map((cell) => ({ line: index + 1, text: cell })))
    } else if (text === '' || text.startsWith('#') || text.startsWith('<')) {
      open = undefined
      if (text.startsWith('#')) blocks.push({ line: index + 1, text })
    } else if (open === undefined || /^(?:[-*+]|\d+[.)]) /.test(text)) {
      open = { line: index + 1, text }
      blocks.push(open)
    } else {
      open.text += ` ${text}`
    }
  })
  return blocks
}

function plainTextOf(text: string): string {
  return text
    .replace(/^(?:[-*+>]|\d+[.)]|#+) /, '')
    .replace(/`[^`]*`/g, 'Code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, 'address')
    .replace(/\b(e\.g|i\.e|etc|vs|approx)\./g, '$1')
}
