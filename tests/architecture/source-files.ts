import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

/** An import, a re-export, `import()` or `require()`. */
export type Import = {
  readonly specifier: string
  /** False if only types are imported, which disappear in the build. */
  readonly isValue: boolean
  /** Whether the file loads it only when it runs that line. */
  readonly isLate: boolean
}

/** A source file by its path in the repository. */
export type SourceFile = {
  readonly path: string
  /** The folder with its package.json, such as `packages/dna`; empty outside the workspaces. */
  readonly workspace: string
  /** Whether it is part of the product: not a test, fixture, reference implementation or generator. */
  readonly isProduct: boolean
  /** Whether vitest runs it. */
  readonly isTest: boolean
  readonly imports: readonly Import[]
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Folders with source code. */
export const SOURCE_FOLDERS = ['packages', 'services', 'bench', 'tests', 'examples'] as const
/** Folders without our own source code. */
export const SKIPPED_FOLDERS = ['node_modules', 'dist'] as const
export const SOURCE_ENDINGS = ['.ts', '.tsx', '.js', '.mjs'] as const

const TEST = /\.test\.tsx?$/
const TEST_SUPPORT = /\.test\.tsx?$|\.fixture\.tsx?$|\/testing\//
/** AssemblyScript, whose files import nothing. */
const ASSEMBLY_SCRIPT = /\/wasm\/[^/]+\.ts$/
const PRODUCT = /^(?:packages|services)\/[^/]+\/(?:src|bin)\//

export function readSourceFiles(): SourceFile[] {
  return SOURCE_FOLDERS.flatMap(listSourceFiles).map((path) => ({
    path,
    workspace: /^(?:packages|services)\/[^/]+/.exec(path)?.[0] ?? '',
    isProduct: PRODUCT.test(path) && !TEST_SUPPORT.test(path),
    isTest: TEST.test(path),
    imports: ASSEMBLY_SCRIPT.test(path) ? [] : importsOf(readFileSync(join(root, path), 'utf8'), path),
  }))
}

function listSourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      return SKIPPED_FOLDERS.some((name) => name === entry.name) ? [] : listSourceFiles(path)
    }
    return SOURCE_ENDINGS.some((ending) => entry.name.endsWith(ending)) ? [path] : []
  })
}

export function importsOf(source: string, path = 'source.ts'): Import[] {
  const { module, errors } = parseSync(path, source)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path} cannot be parsed: ${error.message}`)
  const fromImports = module.staticImports.map(({ moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    isValue: entries.length === 0 || entries.some(({ isType }) => !isType),
    isLate: false,
  }))
  const fromExports = module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ specifier: moduleRequest.value, isValue: !isType, isLate: false }] : [],
    )
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    source.slice(moduleRequest.start, moduleRequest.end),
  )
  const required = [...source.matchAll(/\brequire\(\s*(['"][^'"\n]+['"])\s*\)/g)].map(([, text = '']) => text)
  const called = [...dynamic, ...required]
    .filter((text) => /^(['"]).*\1$/.test(text))
    .map((text) => ({ specifier: text.slice(1, -1), isValue: true, isLate: true }))
  return [...fromImports, ...fromExports, ...called]
}

/** The package of a specifier: `@scope/name/file` belongs to `@scope/name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The path in the repository that a relative specifier names. */
export function targetOf({ path }: SourceFile, specifier: string): string {
  return join(dirname(path), specifier)
}

/** Cycles of files that import values from each other, each as a list of files. */
export function findCircles(files: readonly SourceFile[]): string[][] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter(({ specifier, isValue }) => isValue && specifier.startsWith('.'))
        .map(({ specifier }) => targetOf(file, specifier)),
    ]),
  )
  const circles: string[][] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start >= 0) circles.push([...way.slice(start), path])
    if (start >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...way, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return circles
}

/** A test file and the fixtures that it reaches by relative imports, without product code and benchmarks. */
export function testClosureOf(test: SourceFile, files: ReadonlyMap<string, SourceFile>): SourceFile[] {
  const seen = new Map<string, SourceFile>()
  const visit = (file: SourceFile): void => {
    if (seen.has(file.path)) return
    seen.set(file.path, file)
    for (const { specifier } of file.imports) {
      const target = specifier.startsWith('.') ? files.get(targetOf(file, specifier)) : undefined
      if (target !== undefined && !target.isProduct && !target.path.startsWith('bench/')) visit(target)
    }
  }
  visit(test)
  return [...seen.values()]
}

/** The packages that are loaded with a file, before any of its functions runs. */
export function packagesLoadedWith(path: string, files: ReadonlyMap<string, SourceFile>): Set<string> {
  const [seen, packages] = [new Set<string>(), new Set<string>()]
  const visit = (path: string): void => {
    const file = files.get(path)
    if (file === undefined || seen.has(path)) return
    seen.add(path)
    for (const { specifier } of file.imports.filter(({ isValue, isLate }) => isValue && !isLate))
      if (specifier.startsWith('.')) visit(targetOf(file, specifier))
      else packages.add(packageOf(specifier))
  }
  visit(path)
  return packages
}
