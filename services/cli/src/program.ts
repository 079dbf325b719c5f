import { type StoreDetail, storeDetails } from '@kinoprint/core'
import { Command, Option } from 'commander'
import { adminCommand } from './admin/admin-command.ts'
import { examples } from './examples.ts'
import { addCompare, addDuplicates, addScan } from './searching-commands.ts'
import { addCompletion, addDoctor } from './setup-commands.ts'
import { addWatch } from './watching-command.ts'

type Environment = Readonly<Record<string, string | undefined>>

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

/** A command and all commands below it. */
function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}

type FingerprintFlags = {
  out: string
  name?: string
  format: 'kfp' | 'vpdq' | 'vpdq-text'
  storeDetail?: StoreDetail
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
      new Option('--format <format>', 'a fingerprint file, or a vPDQ hash as JSON or text')
        .choices(['kfp', 'vpdq', 'vpdq-text'])
        .default('kfp'),
    )
    .addOption(
      new Option('--store-detail <detail>', 'how much to write of the video (default: STORE_DETAIL)').choices(
        [...storeDetails],
      ),
    )
    .action(async (file: string, flags: FingerprintFlags) => {
      const { fingerprint } = await import('./commands/fingerprint.ts')
      process.exitCode = await fingerprint({ environment, file, ...flags })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint fingerprint film.mp4 -o film.kfp',
        'kinoprint fingerprint film.mp4 -o film.json --format vpdq',
      ),
    )
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
  serving(program, environment)
  addScan(program, environment)
  addCompare(program, environment)
  addDuplicates(program, environment)
  addWatch(program, environment)
  exchanging(program, environment)
  program.addCommand(adminCommand({ environment }))
  addDoctor(program, environment)
  addCompletion(program)
  program.addHelpText(
    'after',
    examples('kinoprint serve', 'kinoprint compare a.mp4 b.mp4', 'kinoprint admin libraries list'),
  )
  // Commands that were added ready-made inherit neither.
  for (const command of allCommands(program))
    command.exitOverride().showHelpAfterError('(run with --help to list commands and options)')
  return program
}
