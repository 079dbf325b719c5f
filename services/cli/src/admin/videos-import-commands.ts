import { Command } from 'commander'
import { examples } from '../examples.ts'
import type { WithBackend } from './backend.ts'
import { ensureLibrary, LIBRARY_HELP } from './find-library.ts'
import { collect } from './parse-option.ts'

type Flags = { library: string; bucket?: string; prefix?: string; json: boolean }
type ImportFlags = Flags & { exclude: string[]; create: boolean }

function withTarget(command: Command): Command {
  return command
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--bucket <bucket>', 'the bucket of the objects (default: that of the library)')
    .option('--prefix <prefix>', 'what the names of sent objects begin with, such as films/')
    .option('--json', 'print a JSON object a line: {name, state, reason, videoId, jobId}', false)
}

export function addCommand(withBackend: WithBackend): Command {
  return withTarget(new Command('add'))
    .summary('store files in a library')
    .description(
      'Sends files to a bucket and stores them in a library. A file that the library holds already is skipped, and one in the folder of the buckets is not copied. The exit code is 3 if a file could not be stored.',
    )
    .argument('<file...>', 'video files')
    .action((paths: string[], { json, ...flags }: Flags) =>
      withBackend(
        async (backend) => {
          const { importFiles } = await import('../intake/import-paths.ts')
          await importFiles(backend, { paths, flags, json })
        },
        { runsJobs: true },
      ),
    )
    .addHelpText('after', examples('kinoprint admin videos add --library films film.mp4 --prefix 2026/'))
}

export function importVideosCommand(withBackend: WithBackend): Command {
  return withTarget(new Command('import'))
    .summary('store a folder, or a list of objects, in a library')
    .description(
      'Stores every video of a folder and its subfolders in a library, pictures and sound too if the server reads them (INPUT_FORMATS), or the objects of a CSV file with the columns object, bucket and region. What the library holds already is skipped, so run the command again to continue after an interruption. The exit code is 3 if a video could not be stored.',
    )
    .argument('<path>', 'a folder, or a CSV file that lists objects')
    .option('--create', 'create the library if there is none of that name', false)
    .option(
      '--exclude <pattern>',
      'do not read files of these names, such as samples/** (repeatable)',
      collect,
      [],
    )
    .action((path: string, { json, exclude, create, ...flags }: ImportFlags) =>
      withBackend(
        async (backend) => {
          if (create) await ensureLibrary(backend, flags.library)
          const { importFolderOrList } = await import('../intake/import-paths.ts')
          await importFolderOrList(backend, { path, exclude, flags, json })
        },
        { runsJobs: true },
      ),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin videos import --library films /srv/films --prefix films/',
        'kinoprint admin videos import --library films objects.csv --json > imported.jsonl',
        'kinoprint admin videos import --library films --create /srv/films',
      ),
    )
}
