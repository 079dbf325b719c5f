import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  findCircles,
  importsOf,
  packageOf,
  packagesLoadedWith,
  readSourceFiles,
  root,
  SKIPPED_FOLDERS,
  SOURCE_ENDINGS,
  SOURCE_FOLDERS,
  type SourceFile,
  targetOf,
  testClosureOf,
} from './architecture/source-files.ts'

/** The workspaces that each workspace may import. Core is at the bottom, and the packages form a star around it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/dna': [],
  'packages/contract': ['core'],
  'packages/embedded-postgres': ['core'],
  'packages/media': ['core'],
  'packages/objects': ['core'],
  'packages/queue': ['core'],
  'packages/runtime': ['core'],
  'packages/store': ['core', 'dna', 'embedded-postgres'],
  'packages/engine': ['core', 'dna', 'media', 'objects', 'store'],
  'services/api': ['contract', 'core', 'media', 'objects', 'queue', 'runtime', 'store'],
  // Types only: the browser gets the table of admin routes without its schemas.
  'services/console': ['contract'],
  'services/worker': ['contract', 'core', 'engine', 'media', 'objects', 'queue', 'runtime', 'store'],
  'services/cli': [
    ...['contract', 'core', 'dna', 'embedded-postgres', 'engine', 'media', 'objects', 'queue', 'runtime'],
    ...['store', 'api', 'worker'],
  ],
}

/** The files of the command line that compose the services. All others use packages. */
const MAY_IMPORT_SERVICES = /^services\/cli\/src\/(?:product|commands)\//

/** Libraries that only one workspace may import. */
const onlyIn: Readonly<Record<string, string>> = {
  bullmq: 'packages/queue',
  ioredis: 'packages/queue',
  'fluent-ffmpeg': 'packages/media',
  '@ffmpeg-installer/ffmpeg': 'packages/media',
  '@ffprobe-installer/ffprobe': 'packages/media',
  sharp: 'packages/media',
  '@aws-sdk/client-s3': 'packages/objects',
  '@electric-sql/pglite': 'packages/embedded-postgres',
  express: 'services/api',
  amqplib: 'services/worker',
  saxes: 'packages/contract',
}

/** Folders of `tests` whose tests belong to project `unit`, or to `integration` by file name. */
const UNIT_FOLDERS = /^tests\/(?:(?:language|patterns|proofs)\/)?[^/]+$/
/** Folders whose tests belong to the projects `integration`, `e2e` and `faults`. */
const OTHER_PROJECTS = /^tests\/(?:compat|console|containers|e2e|faults|hostile-input|matching|security)\//
/** What only integration tests may use: servers, databases, ffmpeg, the built command line and Linux. */
const NEEDS_MORE_THAN_NODE =
  /TEST_(?:DATABASE|REDIS)_URL|\bopenDatabase\(|\bfindFfmpeg\(|\b(?:execFile|spawn)(?:Sync)?\('(?!(?:find|git|sh)')|\/proc\/|bin\/kinoprint\.js/
const OWN_PATH = 'tests/architecture.test.ts'

const files = readSourceFiles()
const product = files.filter(({ isProduct }) => isProduct)
const workspaces = ['packages', 'services'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((workspace) => existsSync(join(root, workspace, 'package.json'))),
)

/** Messages about imports that a rule forbids for a group of files. */
function findImports(
  group: readonly SourceFile[],
  isWrong: (specifier: string, file: SourceFile, isValue: boolean) => boolean,
): string[] {
  return group.flatMap((file) =>
    file.imports
      .filter(({ specifier, isValue }) => isWrong(specifier, file, isValue))
      .map(({ specifier }) => `${file.path} imports ${specifier}`),
  )
}

const ownPackageOf = (specifier: string): string | null =>
  specifier.startsWith('@kinoprint/') ? packageOf(specifier).slice('@kinoprint/'.length) : null

describe('the architecture test', () => {
  test('reads every source file that `find` lists', () => {
    expect(files.map(({ path }) => path).sort()).toEqual(findWithSystem().sort())
  })

  test('knows every workspace and reads product code in each', () => {
    expect(workspaces.filter((workspace) => mayImport[workspace] === undefined)).toEqual([])
    expect(workspaces.filter((name) => !product.some(({ workspace }) => workspace === name))).toEqual([])
  })

  test.each([
    ["import x from 'a'", true],
    ['import { x } from "a"', true],
    ["import 'a'", true],
    ["export * from 'a'", true],
    ["export { x } from 'a'", true],
    ["const x = await import('a')", true, true],
    ["const x = require('a')", true, true],
    ["import { type X, y } from 'a'", true],
    ["import type { X } from 'a'", false],
    ["import { type X } from 'a'", false],
    ["export type { X } from 'a'", false],
  ])('reads what %s imports', (source, isValue, isLate = false) => {
    expect(importsOf(source)).toEqual([{ specifier: 'a', isValue, isLate }])
  })

  test('ignores imports in comments and strings', () => {
    expect(importsOf("// import 'a'\nconst text = `import 'b'`")).toEqual([])
  })

  test('finds a cycle of three files, and no cycle through types', () => {
    const file = (path: string, specifier: string, isValue: boolean): SourceFile => ({
      ...{ path, workspace: '', isProduct: true, isTest: false },
      imports: [{ specifier, isValue, isLate: false }],
    })
    const way = [file('a.ts', './b.ts', true), file('b.ts', './c.ts', true)]
    expect(findCircles([...way, file('c.ts', './a.ts', true)])).toEqual([['a.ts', 'b.ts', 'c.ts', 'a.ts']])
    expect(findCircles([...way, file('c.ts', './a.ts', false)])).toEqual([])
  })
})

describe('a workspace', () => {
  test('imports only the packages that the table allows', () => {
    const wrong = findImports(product, (specifier, { workspace }) => {
      const name = ownPackageOf(specifier)
      return name !== null && !mayImport[workspace]?.includes(name)
    })
    expect(wrong).toEqual([])
  })

  test('declares what it imports in package.json, and no unused workspace', () => {
    expect(workspaces.flatMap(wrongDeclarationsOf)).toEqual([])
  })

  test('is not imported by a relative path from another workspace', () => {
    const wrong = findImports(
      product,
      (specifier, file) =>
        specifier.startsWith('.') && relative(file.workspace, targetOf(file, specifier)).startsWith('..'),
    )
    expect(wrong).toEqual([])
  })
})

test('no files import values from each other in a cycle', () => {
  expect(findCircles(product).map((circle) => circle.join(' -> '))).toEqual([])
})

test('only the files of the command line that compose services import one', () => {
  const wrong = findImports(
    files.filter(({ path, isProduct }) => isProduct || path.startsWith('bench/')),
    (specifier, { path }) =>
      ['api', 'worker', 'cli'].includes(ownPackageOf(specifier) ?? '') && !MAY_IMPORT_SERVICES.test(path),
  )
  expect(wrong).toEqual([])
})

test('help and wrong options of the command line load none of the packages that do the work', () => {
  const loaded = packagesLoadedWith(
    'services/cli/src/main.ts',
    new Map(files.map((file) => [file.path, file])),
  )
  const own = [...loaded].filter((name) => name.startsWith('@kinoprint/'))
  expect(own.sort()).toEqual(['@kinoprint/core', '@kinoprint/runtime'])
})

test('each restricted library is used by exactly one workspace', () => {
  const wrong = findImports(product, (specifier, { workspace }) => {
    const owner = onlyIn[packageOf(specifier)]
    return owner !== undefined && owner !== workspace
  })
  expect(wrong).toEqual([])
  const used = new Set(product.flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier))))
  expect(Object.keys(onlyIn).filter((name) => !used.has(name))).toEqual([])
})

test('the fingerprint package imports only its own files, and zlib for CRC-32', () => {
  const dna = product.filter(({ workspace }) => workspace === 'packages/dna')
  expect(findImports(dna, (specifier) => !specifier.startsWith('.') && specifier !== 'node:zlib')).toEqual([])
})

test('every test file is in a folder that belongs to a vitest project', () => {
  const strays = files.filter(
    ({ path, isTest }) =>
      isTest && path.startsWith('tests/') && !UNIT_FOLDERS.test(path) && !OTHER_PROJECTS.test(path),
  )
  expect(strays.map(({ path }) => path)).toEqual([])
})

describe('a unit test', () => {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const unitTests = files.filter(
    ({ path, isTest }) => isTest && !path.includes('.integration.') && !OTHER_PROJECTS.test(path),
  )

  test('starts no server, opens no database and runs no program but Node', () => {
    const wrong = unitTests.flatMap((unitTest) =>
      testClosureOf(unitTest, byPath).flatMap(({ path }) => {
        const [need] = NEEDS_MORE_THAN_NODE.exec(readFileSync(join(root, path), 'utf8')) ?? []
        return need !== undefined && path !== OWN_PATH ? [`${unitTest.path} uses ${need} in ${path}`] : []
      }),
    )
    expect(wrong).toEqual([])
    expect(unitTests.length).toBeGreaterThan(80)
  })
})

describe('a test', () => {
  test('replaces a module or a global only in a file named .mock.test.ts, which has its own process', () => {
    const wrong = files
      .filter(({ isTest, path }) => isTest && !path.endsWith('.mock.test.ts') && path !== OWN_PATH)
      .map(({ path }) => path)
      .filter((path) => /\bvi\.(?:mock|doMock|stub\w+)\(/.test(readFileSync(join(root, path), 'utf8')))
    expect(wrong).toEqual([])
  })
})

/** Workspaces whose build contains what they import, so that development dependencies are enough. */
const bundled = new Set(['services/console'])

function wrongDeclarationsOf(workspace: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'))
  const development = bundled.has(workspace) ? manifest.devDependencies : {}
  const declared = new Set(
    Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...development }),
  )
  const imports = product.filter((file) => file.workspace === workspace).flatMap((file) => file.imports)
  const external = imports.filter(
    ({ specifier }) => !specifier.startsWith('.') && !/^(?:node|virtual):/.test(specifier),
  )
  const undeclared = external
    .filter(({ specifier }) => !declared.has(packageOf(specifier)))
    // Types disappear in the build, so a development dependency is enough for them.
    .filter(
      ({ specifier, isValue }) => isValue || !(packageOf(specifier) in (manifest.devDependencies ?? {})),
    )
  const used = new Set(external.map(({ specifier }) => packageOf(specifier)))
  const unused = [...declared].filter((name) => name.startsWith('@kinoprint/') && !used.has(name))
  return [
    ...undeclared.map(({ specifier }) => `${workspace} imports ${specifier} without declaring it`),
    ...unused.map((name) => `${workspace} declares ${name} and does not import it`),
  ]
}

/** All source files according to `find`, to compare with those that this test reads. */
function findWithSystem(): string[] {
  const either = (names: readonly string[]): string[] =>
    names.flatMap((name) => ['-o', '-name', name]).slice(1)
  const skipped = ['(', ...either(SKIPPED_FOLDERS), ')', '-prune', '-o']
  const wanted = ['-type', 'f', '(', ...either(SOURCE_ENDINGS.map((ending) => `*${ending}`)), ')', '-print']
  const output = execFileSync('find', [...SOURCE_FOLDERS, ...skipped, ...wanted], {
    cwd: root,
    encoding: 'utf8',
  })
  return output.trim().split('\n')
}
