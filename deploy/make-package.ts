/**
 * Makes the npm package `kinoprint` from the built workspaces: `npm run package [FOLDER]`, after `npm run build`.
 *
 * The package keeps the folders of the repository for what programs look up by path (services/cli, the console, the
 * migrations), and bundles the other workspaces, which are not on npm by themselves. npm installs everybody else's packages.
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

type Manifest = {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = 'services/cli'
const CONSOLE = 'services/console'

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
}

/** Copies what a built workspace needs at run time. Sources, types, source maps and tests stay here. */
function copyWorkspace(folder: string, target: string): void {
  const built = join(root, folder, 'dist')
  if (!existsSync(built)) throw new Error(`${folder} is not built. Run: npm run build`)
  const isNeeded = (path: string): boolean => !/\.(d\.ts|map|tsbuildinfo)$/.test(path)
  cpSync(built, join(target, 'dist'), { recursive: true, filter: isNeeded })
  cpSync(join(root, folder, 'package.json'), join(target, 'package.json'))
  if (existsSync(join(root, folder, 'bin')))
    cpSync(join(root, folder, 'bin'), join(target, 'bin'), { recursive: true })
}

/** All dependencies together, because npm does not install those of a bundled package. */
function dependenciesOf(manifests: readonly Manifest[]): Record<string, string> {
  const all: Record<string, string> = {}
  for (const { name, dependencies = {} } of manifests)
    for (const [dependency, range] of Object.entries(dependencies)) {
      if ((all[dependency] ?? range) !== range)
        throw new Error(
          `${name} needs ${dependency} ${range}, and another workspace ${all[dependency]}. Use one range.`,
        )
      all[dependency] = range
    }
  return all
}

/** Makes the package in `output` and returns the path of its file. */
function makePackage(output: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'kinoprint-package-'))
  try {
    const folders = ['packages', 'services'].flatMap((parent) =>
      readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
    )
    const libraries = folders.filter((folder) => folder !== PROGRAM && folder !== CONSOLE)
    for (const folder of [PROGRAM, CONSOLE]) copyWorkspace(folder, join(stage, folder))
    for (const folder of libraries)
      copyWorkspace(folder, join(stage, 'node_modules', readManifest(folder).name))
    cpSync(join(root, 'migrations'), join(stage, 'migrations'), { recursive: true })
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', '.env.example'])
      cpSync(join(root, name), join(stage, name))
    const { version, description, license, engines } = readManifest('.')
    const { bin = {} } = readManifest(PROGRAM)
    const bundled = libraries.map(readManifest)
    const manifest = {
      name: 'kinoprint',
      version,
      description,
      license,
      engines,
      type: 'module',
      bin: Object.fromEntries(Object.entries(bin).map(([name, path]) => [name, `${PROGRAM}/${path}`])),
      files: ['services', 'migrations', '.env.example', 'CHANGELOG.md'],
      dependencies: dependenciesOf([readManifest(PROGRAM), ...bundled]),
      bundleDependencies: bundled.map(({ name }) => name),
    }
    writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2))
    mkdirSync(output, { recursive: true })
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', output], {
      cwd: stage,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
    return join(output, filename)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

process.stdout.write(`${makePackage(resolve(process.argv[2] ?? '.'))}\n`)
