/**
 * Copies what the container image runs to a folder: `node deploy/stage-image.ts FOLDER`, after `npm run build` and
 * `npm prune --omit=dev`.
 */
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { isLeftOut } from './left-out.ts'
import { libraryFolders, PROGRAM, readManifest, root, stageProduct } from './stage-product.ts'

/** Types, source maps and manuals of npm packages, and folders at the top of one that only its authors use. */
const AUTHORS_FILE = /\.(?:[cm]?tsx?|map|md|markdown|tsbuildinfo)$/
const AUTHORS_FOLDER = /^(?:tests?|coverage|examples?|benchmarks?)$/

/** The folders of the packages in a `node_modules`, scoped ones included. */
function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return []
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    )
}

/** Copies packages with the packages nested in them. */
function copyPackages(from: string, to: string): void {
  for (const name of packagesIn(from)) {
    if (name.startsWith('@kinoprint/') || isLeftOut(name)) continue
    const folder = join(from, name)
    const isNeeded = (path: string): boolean => {
      const parts = path.slice(folder.length + 1).split(sep)
      const isAuthors = parts.length === 1 && AUTHORS_FOLDER.test(parts[0] ?? '')
      return !isAuthors && !AUTHORS_FILE.test(basename(path))
    }
    cpSync(folder, join(to, name), { recursive: true, filter: isNeeded })
  }
}

function stageImage(target: string): void {
  stageProduct(target)
  cpSync(join(root, 'package.json'), join(target, 'package.json'))
  copyPackages(join(root, 'node_modules'), join(target, 'node_modules'))
  for (const folder of [PROGRAM, ...libraryFolders()]) {
    const home = folder === PROGRAM ? folder : join('node_modules', readManifest(folder).name)
    copyPackages(join(root, folder, 'node_modules'), join(target, home, 'node_modules'))
  }
}

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('Name the folder: node deploy/stage-image.ts FOLDER')
stageImage(target)
