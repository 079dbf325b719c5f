import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { systemFault } from '../file-fault.ts'
import { excludeNames } from '../files/exclude-names.ts'
import { listVideos } from '../files/list-videos.ts'
import { targetOf } from '../intake/file-job.ts'
import { fileItem, objectItem } from '../intake/folder-items.ts'
import { type Imported, type ImportItem, importItems } from '../intake/import-items.ts'
import { intakeFormats } from '../intake/intake-formats.ts'
import { readObjectList } from '../intake/read-object-list.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'
import type { AdminBackend, WithBackend } from './backend.ts'
import { ensureLibrary, LIBRARY_HELP } from './find-library.ts'
import { print } from './output.ts'
import { collect } from './parse-option.ts'

type Flags = { library: string; bucket?: string; prefix?: string; json: boolean }
type ImportFlags = Flags & { exclude: string[]; create: boolean }

/** Exit code if a file or an object could not be stored. */
export const INCOMPLETE = 3

function withTarget(command: Command): Command {
  return command
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--bucket <bucket>', 'the bucket of the objects (default: that of the library)')
    .option('--prefix <prefix>', 'what the names of sent objects begin with, such as films/')
    .option('--json', 'print a JSON object a line: {name, state, reason, videoId, jobId}', false)
}

/** Imports the items, prints what became of them, and sets the exit code. */
async function run(items: readonly ImportItem[], skipped: readonly Imported[], json: boolean): Promise<void> {
  const counts = { stored: 0, skipped: 0, failed: 0 }
  const onDone = (imported: Imported): void => {
    counts[imported.state]++
    if (json) print(JSON.stringify(imported))
  }
  for (const one of skipped) {
    onDone(one)
    process.stderr.write(`${one.name}: ${one.reason}\n`)
  }
  await untilInterrupted(async (signal) => {
    await importItems(items, { signal, onDone })
    const { stored, failed } = counts
    if (!json) print(`${stored} stored, ${counts.skipped} skipped, ${failed} failed.`)
    if (signal.aborted) {
      process.stderr.write('Interrupted. Run the same command again to continue.\n')
      process.exitCode = INTERRUPTED
    } else if (failed > 0) process.exitCode = INCOMPLETE
  })
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
          const target = await targetOf(backend, flags, 'GetFingerPrint')
          const files = paths.map((path) => ({ name: basename(path), path }))
          await run(
            files.map((file) => fileItem(backend, target, file)),
            [],
            json,
          )
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
          const { items, skipped } = await itemsOf(backend, { path, exclude, flags })
          await run(items, skipped, json)
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

const UNLISTED = 'no permission to list the folder. Grant read access to it.'

type Source = {
  readonly path: string
  readonly exclude: readonly string[]
  readonly flags: Omit<Flags, 'json'>
}

async function itemsOf(
  backend: AdminBackend,
  { path, exclude, flags }: Source,
): Promise<{ items: ImportItem[]; skipped: Imported[] }> {
  const target = await targetOf(backend, flags, 'GetFingerPrint')
  const stats = await stat(path).catch((error: unknown) => {
    throw systemFault(error)
  })
  if (!stats.isDirectory()) {
    const rows = await readObjectList(path, target)
    return { items: rows.map((row) => objectItem(backend, target.dnaDbId, row)), skipped: [] }
  }
  const formats = await intakeFormats(backend)
  const listed = await listVideos(path, { exclude: excludeNames(exclude), skipHidden: true, formats })
  const leftOut = (state: Imported['state']) => (one: { readonly name: string; readonly reason: string }) => {
    return { ...one, state, videoId: null, jobId: null }
  }
  const skipped = [
    ...listed.skipped.map(leftOut('skipped')),
    ...listed.unlisted.map((name) => leftOut('failed')({ name, reason: UNLISTED })),
  ]
  return { items: listed.videos.map((file) => fileItem(backend, target, file)), skipped }
}
