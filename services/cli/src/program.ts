import { type StoreDetail, storeDetails } from '@kinoprint/core'
import { Command, InvalidArgumentError, Option } from 'commander'
import { adminCommand } from './admin/admin-command.ts'
import { examples } from './examples.ts'

type Environment = Readonly<Record<string, string | undefined>>

function score(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Enter a number from 0 to 1.')
  return value
}

function serving(program: Command, environment: Environment): void {
  program
    .command('serve')
    .summary('run everything in one process')
    .description(
      'Runs the API and a worker in one process. The database and the queue run inside it too, unless DATABASE_URL and REDIS_URL are set. Settings come from the environment and from .env in the current folder (see .env.example).',
    )
    .action(async () => (await import('./commands/serve.ts')).serve({ environment }))
    .addHelpText('after', examples('kinoprint serve', 'PORT=9000 DATA_DIR=/srv/kinoprint kinoprint serve'))
  program
    .command('api')
    .summary('run only the API (requires DATABASE_URL)')
    .description('Runs the API without a worker. Start workers separately. Requires DATABASE_URL.')
    .action(async () => (await import('./commands/api.ts')).api({ environment }))
    .addHelpText('after', examples('DATABASE_URL=postgres://… REDIS_URL=redis://… kinoprint api'))
  program
    .command('worker')
    .summary('run only a worker (requires DATABASE_URL)')
    .description(
      'Runs one worker without the API. You can start any number of workers. Each serves health and metrics on HOST:WORKER_PORT. Requires DATABASE_URL.',
    )
    .action(async () => (await import('./commands/worker.ts')).worker({ environment }))
    .addHelpText(
      'after',
      examples(
        'DATABASE_URL=postgres://… REDIS_URL=redis://… WORKER_PORT=8082 WORKER_CONCURRENCY=4 kinoprint worker',
      ),
    )
}

type ScanFlags = {
  refs: string
  queries?: string
  out?: string
  dataDir?: string
  databaseUrl?: string
  storeDetail?: StoreDetail
  minScore?: number
}

function searching(program: Command, environment: Environment): void {
  program
    .command('scan')
    .summary('find copies of one folder of videos in another')
    .description(
      'Stores every video under --refs in a library, searches it with every video under --queries, and writes one row for each matching segment. File names are relative to the folders; times are in decimal seconds. The exit code is 3 if a file could not be read, and 130 if the scan was interrupted; rows found by then are still written. Without --queries and --out, the references are only stored for a later scan.',
    )
    .requiredOption('--refs <dir>', 'folder with the reference videos')
    .option('--queries <dir>', 'folder with the query videos')
    .option('--out <file.json>', 'file for the rows')
    .option(
      '--data-dir <dir>',
      'keep the library in this folder for the next scan (default: a temporary folder)',
    )
    .addOption(
      new Option(
        '--database-url <url>',
        'keep the library in this PostgreSQL database with pgvector, for large libraries',
      ).conflicts('dataDir'),
    )
    .addOption(
      new Option(
        '--store-detail <detail>',
        'how much to store of each reference (default: STORE_DETAIL, or that of the kept library)',
      ).choices([...storeDetails]),
    )
    .option('--min-score <score>', 'also write weaker pairs, down to this score (0 to 1)', score)
    .action(async (flags: ScanFlags) => {
      process.exitCode = await (await import('./commands/scan.ts')).scan({ environment, ...flags })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint scan --refs films --queries uploads --out copies.json',
        'kinoprint scan --refs films --queries uploads --out copies.json --data-dir films.dna --min-score 0.2',
        'kinoprint scan --refs films --data-dir films.dna',
      ),
    )
  program
    .command('compare')
    .summary('compare two files without a library')
    .description('Finds the segments that two videos share.')
    .argument('<a>', 'a video file')
    .argument('<b>', 'another video file')
    .option(
      '--json',
      'print JSON: {score, similar, audioSimilar, queryCoverage, refCoverage, segments[]}',
      false,
    )
    .action(async (a: string, b: string, { json }: { json: boolean }) => {
      process.exitCode = await (await import('./commands/compare.ts')).compare({ environment, a, b, json })
    })
    .addHelpText(
      'after',
      examples('kinoprint compare film.mp4 upload.mp4', 'kinoprint compare --json a.mp4 b.mp4'),
    )
}

function exchanging(program: Command, environment: Environment): void {
  program
    .command('fingerprint')
    .summary('write the fingerprint of a video to a file')
    .description(
      'Writes the fingerprint of a video to a file, which a server stores or searches with in place of the video. The video cannot be restored from it.',
    )
    .argument('<file>', 'a video file')
    .requiredOption('-o, --out <file.kfp>', 'the file to write')
    .option('--name <name>', 'what to call the video (default: the name of the file)')
    .addOption(
      new Option('--store-detail <detail>', 'how much to write of the video (default: STORE_DETAIL)').choices(
        [...storeDetails],
      ),
    )
    .action(async (file: string, flags: { out: string; name?: string; storeDetail?: StoreDetail }) => {
      const { fingerprint } = await import('./commands/fingerprint.ts')
      process.exitCode = await fingerprint({ environment, file, ...flags })
    })
    .addHelpText('after', examples('kinoprint fingerprint film.mp4 -o film.kfp'))
}

/** The command line. Each command's code is loaded only when it runs, to keep --help fast. */
export function createProgram({
  environment,
  version,
}: {
  environment: Environment
  version: string
}): Command {
  const program = new Command('kinoprint')
    .description(
      'Self-hosted video fingerprinting: finds copied passages in videos and reports which seconds match.',
    )
    .version(version)
    .showHelpAfterError('(run with --help to list commands and options)')
  serving(program, environment)
  searching(program, environment)
  exchanging(program, environment)
  program.addCommand(adminCommand({ environment }))
  program.addHelpText(
    'after',
    examples('kinoprint serve', 'kinoprint compare a.mp4 b.mp4', 'kinoprint admin libraries list'),
  )
  return program
}
