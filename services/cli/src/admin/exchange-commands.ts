import { Command } from 'commander'
import { examples } from '../examples.ts'
import { systemFault } from '../file-fault.ts'
import type { WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'

export type ImportFlags = { library?: string; name?: string; replace: boolean }

export function exportCommand(withBackend: WithBackend): Command {
  return new Command('export')
    .summary('write a library to one file')
    .description(
      'Writes a library with its settings and fingerprints to one file, without the videos. Run the command again to continue an export that broke off.',
    )
    .argument('<library>', LIBRARY_HELP)
    .argument('<file.kfl>', 'the file to write')
    .action((library: string, path: string) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        const { exportTo } = await import('./exchange-library.ts')
        await exportTo(backend, dnaDbId, path).catch(rethrow)
      }),
    )
    .addHelpText('after', examples('kinoprint admin export films films.kfl'))
}

export function importCommand(withBackend: WithBackend): Command {
  return new Command('import')
    .summary('add the videos of a library file')
    .description(
      'Adds the videos of a library file to the library of the same id, or to a new one with the settings of the file. Nothing is decoded, and no video is needed. Run the command again to continue an import that broke off.',
    )
    .argument('<file.kfl>', 'a file that `kinoprint admin export` wrote')
    .option('--library <library>', `add the videos to this library, to merge two: ${LIBRARY_HELP}`)
    .option('--name <name>', 'the name of the new library (default: that in the file)')
    .option('--replace', 'replace videos of the same name that have other content', false)
    .action((path: string, flags: ImportFlags) =>
      withBackend(async (backend) => {
        const { importFrom } = await import('./exchange-library.ts')
        await importFrom(backend, path, flags).catch(rethrow)
      }),
    )
    .addHelpText(
      'after',
      examples('kinoprint admin import films.kfl', 'kinoprint admin import more.kfl --library films'),
    )
}

function rethrow(error: unknown): never {
  throw systemFault(error)
}
