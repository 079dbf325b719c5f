import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Who may import whom. The star: packages know the contract's faults and ids, services do the wiring. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/contract': ['core'],
  'packages/dna': [],
  'packages/media': ['core'],
  'packages/objects': ['core'],
  'packages/engine': ['core', 'dna', 'media', 'objects', 'store'],
  'packages/store': ['core', 'dna'],
  'packages/queue': ['core'],
  'packages/runtime': ['core'],
  'services/api': ['contract', 'core', 'objects', 'queue', 'runtime', 'store'],
  'services/worker': ['contract', 'core', 'engine', 'media', 'objects', 'queue', 'runtime', 'store'],
  'services/cli': [
    'api',
    'contract',
    'core',
    'dna',
    'engine',
    'media',
    'objects',
    'queue',
    'runtime',
    'store',
    'worker',
  ],
}

/** Libraries that have one door each. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['packages/queue'],
  ioredis: ['packages/queue'],
  'fluent-ffmpeg': ['packages/media'],
  '@ffmpeg-installer/ffmpeg': ['packages/media'],
  '@ffprobe-installer/ffprobe': ['packages/media'],
  sharp: ['packages/media'],
  '@aws-sdk/client-s3': ['packages/objects'],
  '@electric-sql/pglite': ['packages/store'],
  express: ['services/api'],
  amqplib: ['services/worker'],
  saxes: ['packages/contract'],
}

type SourceFile = { readonly path: string; readonly workspace: string; readonly imports: readonly string[] }

/** What runs: not the tests, nor what makes files of the repository (`golden`, `wasm`). */
const FOLDERS = ['src', 'bin'] as const
const SOURCE = /(?<!\.d)\.(?:ts|tsx|js|mjs)$/
const TEST = /\.test\.tsx?$/

const files = readSources()

function readSources(): SourceFile[] {
  return Object.keys(mayImport).flatMap((workspace) =>
    FOLDERS.filter((folder) => existsSync(join(root, workspace, folder))).flatMap((folder) =>
      readdirSync(join(root, workspace, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => SOURCE.test(name) && !TEST.test(name))
        .map((name) => join(workspace, folder, name))
        .map((path) => ({ path, workspace, imports: importsOf(readFileSync(join(root, path), 'utf8')) })),
    ),
  )
}

/** The same files as the system finds them, without the reader above. */
function findSources(): string[] {
  const names = ['*.ts', '*.tsx', '*.js', '*.mjs'].flatMap((pattern) => ['-o', '-name', pattern]).slice(1)
  const places = ['packages', 'services'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  )
  const pruned = ['node_modules', 'dist', 'golden', 'wasm'].flatMap((name) => ['-o', '-name', name]).slice(1)
  const left = ['*.test.ts', '*.test.tsx', '*.d.ts'].flatMap((pattern) => ['!', '-name', pattern])
  const args = [
    ...places,
    '(',
    ...pruned,
    ')',
    '-prune',
    '-o',
    '-type',
    'f',
    '(',
    ...names,
    ')',
    ...left,
    '-print',
  ]
  return execFileSync('find', args, { cwd: root, encoding: 'utf8' }).trim().split('\n')
}

function importsOf(text: string): string[] {
  const pattern = /(?:from\s*|import\s*\(\s*|import\s+|require\s*\(\s*)['"]([^'"$]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '')
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

describe('the architecture', () => {
  test('is checked over every workspace and over every source file that the system finds', () => {
    const workspaces = ['packages', 'services'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    )
    expect(workspaces.sort()).toEqual(Object.keys(mayImport).sort())
    expect(files.map(({ path }) => path).sort()).toEqual(findSources().sort())
    for (const workspace of workspaces) expect(files.some((file) => file.workspace === workspace)).toBe(true)
  })

  test('lets each workspace import only what the table allows', () => {
    const wrong = files.flatMap(({ path, workspace, imports }) =>
      imports
        .filter((name) => name.startsWith('@kinoprint/'))
        .filter((name) => !mayImport[workspace]?.includes(packageOf(name).slice('@kinoprint/'.length)))
        .map((name) => `${path} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('declares in package.json what each workspace imports, and no more of our own', () => {
    const wrong = Object.keys(mayImport).flatMap((workspace) => {
      const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'))
      const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
      const used = new Set(
        files
          .filter((file) => file.workspace === workspace)
          .flatMap((file) => file.imports)
          .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
          .map(packageOf),
      )
      const typesOnly = (name: string) => Object.keys(manifest.devDependencies ?? {}).includes(name)
      const undeclared = [...used].filter((name) => !declared.has(name) && !typesOnly(name))
      const unused = [...declared].filter((name) => name.startsWith('@kinoprint/') && !used.has(name))
      return [
        ...undeclared.map((name) => `${workspace} uses ${name} undeclared`),
        ...unused.map((name) => `${workspace} declares ${name} and does not use it`),
      ]
    })
    expect(wrong).toEqual([])
  })

  test('finds each guarded library where it is used, in JavaScript too', () => {
    const used = new Set(files.flatMap(({ imports }) => imports.map(packageOf)))
    expect(Object.keys(onlyIn).filter((name) => !used.has(name))).toEqual([])
  })

  test.each([
    ["import x from 'a'", 'a'],
    ['import { x } from "a"', 'a'],
    ["import 'a'", 'a'],
    ["export * from 'a'", 'a'],
    ["const x = await import('a')", 'a'],
    ["const x = require('a')", 'a'],
  ])('reads what %s imports', (text, name) => {
    expect(importsOf(text)).toEqual([name])
  })

  test('gives each guarded library one door', () => {
    const wrong = files.flatMap(({ path, workspace, imports }) =>
      imports
        .filter((name) => onlyIn[packageOf(name)] && !onlyIn[packageOf(name)]?.includes(workspace))
        .map((name) => `${path} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('keeps the fingerprint engine pure', () => {
    const wrong = files
      .filter((file) => file.workspace === 'packages/dna')
      .flatMap((file) =>
        file.imports.filter((name) => !name.startsWith('.')).map((name) => `${file.path} imports ${name}`),
      )
    expect(wrong).toEqual([])
  })

  test('reaches into no other workspace by a relative path', () => {
    const wrong = files.flatMap(({ path, workspace, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(join(root, workspace), join(root, dirname(path), name)))
        .filter((target) => target.startsWith('..'))
        .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })
})
