/**
 * Makes the npm package `kinoprint` from the built workspaces: `npm run package [FOLDER]`, after `npm run build`.
 *
 * The package keeps the folders of the repository for what programs look up by path (services/cli, the console, the
 * migrations), and bundles the other workspaces, which are not on npm by themselves. npm installs everybody else's packages.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { libraryFolders, PROGRAM, readManifest, root, stageProduct } from './stage-product.ts'

/** All dependencies together, because npm does not install those of a bundled package. */
function dependenciesOf(manifests: readonly ReturnType<typeof readManifest>[]): Record<string, string> {
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
    stageProduct(stage)
    for (const name of ['README.md', 'CHANGELOG.md', '.env.example'])
      cpSync(join(root, name), join(stage, name))
    const { version, description, license, engines } = readManifest('.')
    const { bin = {} } = readManifest(PROGRAM)
    const bundled = libraryFolders().map(readManifest)
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
