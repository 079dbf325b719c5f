import { parseSync } from 'oxc-parser'

type Node = { readonly type: string; readonly [field: string]: unknown }

type FoundTest = {
  readonly title: string
  /** Why it does not run, or null where it does. */
  readonly off: string | null
  readonly body: Node | null
}

const RUNNERS = new Set(['test', 'it', 'describe', 'suite'])
/** Parts of `test.skip`, `describe.runIf(…)` and options such as `{ todo: true }` that keep a test from counting. */
const SWITCHES = new Set(['skip', 'todo', 'fails', 'skipIf', 'runIf', 'only'])
/** Of vitest, of fast-check, and functions of other files that are named for it, as `expectGolden`. */
const ASSERTION = /^(?:expect(?:[A-Z]\w*)?|assert)\b|^fc\.assert$/
const CONDITIONS = new Set(['IfStatement', 'ConditionalExpression', 'LogicalExpression', 'SwitchCase'])

/**
 * Why a source holds no test of this title that runs and asserts something; null where it does. Comments and strings
 * that only look like a test do not count.
 */
export function whyNoProof(source: string, title: string): string | null {
  const { program, errors } = parseSync('source.ts', source)
  if (errors.length > 0) return 'it cannot be parsed'
  const root = program as unknown as Node
  const found = testsIn(root, null).filter((one) => one.title === title)
  if (found.length === 0) return `it has no test '${title}'`
  const off = found.find((one) => one.off !== null)?.off
  if (off) return `its test '${title}' does not run: ${off}`
  const local = functionsIn(root)
  const asserts = found.every(({ body }) => body !== null && assertsIn(body, local, new Set()))
  return asserts ? null : `its test '${title}' asserts nothing`
}

function testsIn(node: Node, off: string | null): FoundTest[] {
  const chain = node.type === 'CallExpression' ? chainOf(node.callee) : []
  const runner = chain[0] ?? ''
  const ownOff = RUNNERS.has(runner) ? switchOf(chain, node) : null
  const stillOff = off ?? ownOff ?? (CONDITIONS.has(node.type) ? 'it stands under a condition' : null)
  const args = node.type === 'CallExpression' ? (node.arguments as Node[]) : []
  const title = RUNNERS.has(runner) ? textOf(args[0]) : null
  const inner = childrenOf(node).flatMap((child) => testsIn(child, stillOff))
  if (title === null) return inner
  return [{ title, off: stillOff, body: args.findLast(isFunction) ?? null }, ...inner]
}

/** `test.skip.each([1])` as [test, skip, each]; empty where it is no such chain. */
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

function switchOf(chain: readonly string[], call: Node): string | null {
  const options = (call.arguments as Node[]).filter(({ type }) => type === 'ObjectExpression')
  const keys = options
    .flatMap(({ properties }) => properties as Node[])
    .map(({ key }) => String((key as { name?: unknown } | undefined)?.name ?? ''))
  const word = [...chain, ...keys].find((part) => SWITCHES.has(part))
  return word === undefined ? null : `it has .${word}`
}

function textOf(node: Node | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type !== 'TemplateLiteral' || (node.expressions as Node[]).length > 0) return null
  const [part] = node.quasis as { value: { cooked: string } }[]
  return part?.value.cooked ?? null
}

const isFunction = ({ type }: Node): boolean =>
  type === 'ArrowFunctionExpression' || type === 'FunctionExpression'

/** Functions of the file by name, so that an assertion in one of them counts for the tests that call it. */
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

/** Whether something in there is asserted, also by a function of the file that it calls. */
function assertsIn(node: Node, local: ReadonlyMap<string, Node>, seen: Set<string>): boolean {
  if (node.type === 'CallExpression') {
    const chain = chainOf(node.callee)
    if (ASSERTION.test(chain.join('.'))) return true
    const name = chain[0] ?? ''
    const body = chain.length === 1 ? local.get(name) : undefined
    if (body !== undefined && !seen.has(name)) {
      seen.add(name)
      if (assertsIn(body, local, seen)) return true
    }
  }
  return childrenOf(node).some((child) => assertsIn(child, local, seen))
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
