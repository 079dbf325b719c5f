import { Command, InvalidArgumentError, Option } from 'commander'
import { adminCommand } from './admin/admin-command.ts'
import { examples } from './examples.ts'

type Environment = Readonly<Record<string, string | undefined>>

const score = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('A score lies between 0 and 1.')
  return value
}

const serving = (program: Command, environment: Environment): void => {
  program
    .command('serve')
    .summary('the whole product in one process')
    .description(
      'Runs API, worker and, unless DATABASE_URL and REDIS_URL say otherwise, the database and the queue in one process. Settings come from the environment and from .env in the current folder (see .env.example).',
    )
    .action(async () => (await import('./commands/serve.ts')).serve({ environment }))
    .addHelpText('after', examples('kinoprint serve', 'PORT=9000 DATA_DIR=/srv/kinoprint kinoprint serve'))
  program
    .command('api')
    .summary('only the API (needs DATABASE_URL)')
    .description('Runs the API alone; workers run beside it. Needs DATABASE_URL.')
    .action(async () => (await import('./commands/api.ts')).api({ environment }))
    .addHelpText('after', examples('DATABASE_URL=postgres://… REDIS_URL=redis://… kinoprint api'))
  program
    .command('worker')
    .summary('only a worker (needs DATABASE_URL)')
    .description(
      'Runs a worker alone; start as many as you like. Its health and metrics are served on HOST:WORKER_PORT. Needs DATABASE_URL.',
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
  minScore?: number
}

const searching = (program: Command, environment: Environment): void => {
  program
    .command('scan')
    .summary('store one folder of videos, search it with another')
    .description(
      'Stores every video under --refs in a library, searches it with every video under --queries and writes one row a matching segment. Names are relative to the folders, times decimal seconds. Exit code 3 if a file could not be read, 130 if interrupted: the rows found so far are written then. Without --queries and --out the references are only stored, for a later scan.',
    )
    .requiredOption('--refs <dir>', 'folder of the videos to be found')
    .option('--queries <dir>', 'folder of the videos to search with')
    .option('--out <file.json>', 'where the rows go')
    .option('--data-dir <dir>', 'keep the library there for the next scan (default: a temporary one)')
    .addOption(
      new Option(
        '--database-url <url>',
        'keep the library in this PostgreSQL with pgvector, for large ones',
      ).conflicts('dataDir'),
    )
    .option('--min-score <score>', 'also write weaker pairs, down to this score 0..1', score)
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
    .summary('two files, no library')
    .description('Finds the passages that two videos share.')
    .argument('<a>', 'a video file')
    .argument('<b>', 'another one')
    .option('--json', 'print {score, similar, audioSimilar, queryCoverage, refCoverage, segments[]}', false)
    .action(async (a: string, b: string, { json }: { json: boolean }) => {
      process.exitCode = await (await import('./commands/compare.ts')).compare({ environment, a, b, json })
    })
    .addHelpText(
      'after',
      examples('kinoprint compare film.mp4 upload.mp4', 'kinoprint compare --json a.mp4 b.mp4'),
    )
}

/** The command line. What a command does is loaded only when it runs, so that --help is quick. */
export const createProgram = ({
  environment,
  version,
}: {
  environment: Environment
  version: string
}): Command => {
  const program = new Command('kinoprint')
    .description(
      'Self-hosted video fingerprinting: finds copied passages in video and says which seconds match.',
    )
    .version(version)
    .showHelpAfterError('(--help shows what is possible)')
  serving(program, environment)
  searching(program, environment)
  program.addCommand(adminCommand({ environment }))
  program.addHelpText(
    'after',
    examples('kinoprint serve', 'kinoprint compare a.mp4 b.mp4', 'kinoprint admin libraries list'),
  )
  return program
}
