import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { readSourceFiles, root } from '../architecture/source-files.ts'

/** A regular expression literal in the source. */
export type SourcePattern = {
  readonly source: string
  readonly flags: string
  /** Its first occurrence, such as `packages/core/src/ids.ts:12`. */
  readonly at: string
}

export type SourceFile = { readonly path: string; readonly text: string }

export type PatternsFound = {
  readonly literals: readonly SourcePattern[]
  /** Locations where a pattern is built from a string and is therefore not visible in the source. */
  readonly hidden: readonly string[]
}

/** Every source file that is part of the product. */
export function productSources(): SourceFile[] {
  return readSourceFiles()
    .filter(({ isProduct }) => isProduct)
    .map(({ path }) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** String methods that build a pattern from a string. */
const PATTERN_METHODS = ['match', 'matchAll', 'search']

/** The patterns of one file, from its syntax tree, so that comments and strings do not count. */
export function patternsOf({ path, text }: SourceFile): PatternsFound {
  const literals: SourcePattern[] = []
  const hidden: string[] = []
  const at = (offset: number): string => `${path}:${text.slice(0, offset).split('\n').length}`
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`)
  const noteConstruction = ({
    callee,
    start,
  }: {
    callee: { type: string; name?: unknown }
    start: number
  }) => {
    if (callee.type === 'Identifier' && callee.name === 'RegExp') hidden.push(at(start))
  }
  new Visitor({
    Literal: (node) => {
      if ('regex' in node)
        literals.push({ source: node.regex.pattern, flags: node.regex.flags, at: at(node.start) })
    },
    NewExpression: noteConstruction,
    CallExpression: (node) => {
      noteConstruction(node)
      const { callee, arguments: given } = node
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      const kind = given[0]?.type ?? ''
      const madeOfText = ['TemplateLiteral', 'BinaryExpression', 'CallExpression'].includes(kind)
      const isText = given[0]?.type === 'Literal' && typeof given[0].value === 'string'
      if (PATTERN_METHODS.includes(callee.property.name) && (isText || madeOfText))
        hidden.push(at(node.start))
    },
  }).visit(program)
  return { literals, hidden }
}
