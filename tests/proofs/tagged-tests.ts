import { parseSync } from 'oxc-parser'

type Node = { readonly type: string; readonly [field: string]: unknown }

/** A test, or a `describe`, with tags in its options. */
export type TaggedTest = {
  readonly tags: readonly string[]
  /** Why it proves nothing; null if it runs and asserts. */
  readonly flaw: string | null
}

const TESTS = new Set(['test', 'it'])
const SUITES = new Set(['describe', 'suite'])
/** Parts of `test.skip`, `describe.runIf(…)` and options such as `{ todo: true }` that keep a test from counting. */
const SWITCHES = new Set(['skip', 'todo', 'fails', 'skipIf', 'runIf', 'only'])
/** Assertions of vitest and fast-check, and functions of other files with such names, like `expectGolden`. */
const ASSERTION = /^(?:expect(?:[A-Z]\w*)?|assert)\b|^fc\.assert$/
const CONDITIONS = new Set(['IfStatement', 'ConditionalExpression', 'LogicalExpression', 'SwitchCase'])

/** The tagged tests of a source file. Comments and strings that look like tests do not count. */
export function taggedTests(source: string): TaggedTest[] {
  const { program, errors } = parseSync('source.ts', source)
  if (errors.length > 0) throw new Error('The file cannot be parsed.')
  const root = program as unknown as Node
  return testsIn(root, null, functionsIn(root))
}

/** Why a source does not prove the tag's rule with `count` tests; null if it does. */
export function whyNoProof(source: string, tag: string, count: number): string | null {
  let found: TaggedTest[]
  try {
    found = taggedTests(source).filter(({ tags }) => tags.includes(tag))
  } catch (error) {
    return String(error)
  }
  const flaw = found.find((one) => one.flaw !== null)?.flaw
  if (flaw) return `A test tagged '${tag}' proves nothing: ${flaw}.`
  return found.length === count ? null : `${found.length} tests are tagged '${tag}', not ${count}.`
}

type Functions = ReadonlyMap<string, Node>

function testsIn(node: Node, off: string | null, functions: Functions): TaggedTest[] {
  const chain = node.type === 'CallExpression' ? chainOf(node.callee) : []
  const runner = chain[0] ?? ''
  const isRunner = TESTS.has(runner) || SUITES.has(runner)
  const stillOff = off ?? (isRunner ? switchOf(chain, node) : null) ?? conditionOf(node)
  const inner = childrenOf(node).flatMap((child) => testsIn(child, stillOff, functions))
  const tags = isRunner ? tagsOf(node) : []
  if (tags.length === 0) return inner
  const flaw = stillOff ?? (SUITES.has(runner) ? 'it is a describe' : flawOfBody(node, functions))
  return [{ tags, flaw }, ...inner]
}

function conditionOf({ type }: Node): string | null {
  return CONDITIONS.has(type) ? 'it runs only under a condition' : null
}

function flawOfBody(call: Node, functions: Functions): string | null {
  const body = (call.arguments as Node[]).findLast(isFunction)
  return body && assertsIn(body, functions, new Set()) ? null : 'it asserts nothing'
}

/** `test.skip.each([1])` as [test, skip, each]; empty if it is not such a chain. */
function chainOf(value: unknown): string[] {
  const node = value as Node
  if (node.type === 'Identifier') return [String(node.name)]
  if (node.type === 'MemberExpression') {
    const { name } = node.property as { name?: unknown }
    return [...chainOf(node.object), String(name ?? '')]
  }
  if (node.type === 'CallExpression') return chainOf(node.callee)
  if (node.type === 'TaggedTemplateExpression') return chainOf(node.tag)
  return []
}

/** Key and value of each option in the call's object literals. */
function optionsOf(call: Node): (readonly [string, unknown])[] {
  return (call.arguments as Node[])
    .filter(({ type }) => type === 'ObjectExpression')
    .flatMap(({ properties }) => properties as Node[])
    .map(({ key, value }) => {
      const { name, value: text } = (key ?? {}) as { name?: unknown; value?: unknown }
      return [String(name ?? text ?? ''), value] as const
    })
}

function switchOf(chain: readonly string[], call: Node): string | null {
  const keys = optionsOf(call).map(([key]) => key)
  const word = [...chain, ...keys].find((part) => SWITCHES.has(part))
  return word === undefined ? null : `it has .${word}`
}

function tagsOf(call: Node): string[] {
  const value = optionsOf(call).find(([key]) => key === 'tags')?.[1] as Node | undefined
  const parts = value?.type === 'ArrayExpression' ? (value.elements as Node[]) : value ? [value] : []
  return parts.flatMap((part) => (typeof part.value === 'string' ? [part.value] : []))
}

function isFunction({ type }: Node): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression'
}

/** Functions of the file by name. An assertion in a function counts for the tests that call it. */
function functionsIn(root: Node): Map<string, Node> {
  const functions = new Map<string, Node>()
  const visit = (node: Node): void => {
    const id = node.id as { name?: unknown } | null | undefined
    if (node.type === 'FunctionDeclaration' && id) functions.set(String(id.name), node)
    const init = node.init as Node | null | undefined
    if (node.type === 'VariableDeclarator' && init && isFunction(init)) functions.set(String(id?.name), init)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return functions
}

/** Whether the code asserts something, directly or in a function of the file that it calls. */
function assertsIn(node: Node, functions: Functions, seen: Set<string>): boolean {
  if (node.type === 'CallExpression') {
    const chain = chainOf(node.callee)
    if (ASSERTION.test(chain.join('.'))) return true
    const name = chain[0] ?? ''
    const body = chain.length === 1 ? functions.get(name) : undefined
    if (body !== undefined && !seen.has(name)) {
      seen.add(name)
      if (assertsIn(body, functions, seen)) return true
    }
  }
  return childrenOf(node).some((child) => assertsIn(child, functions, seen))
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
