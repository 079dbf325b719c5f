import { Command } from 'commander'
import { examples } from '../examples.ts'
import { say, type WithBackend } from './admin-backend.ts'
import { keysCommand } from './keys-command.ts'
import { librariesCommand } from './libraries-command.ts'

type Environment = Readonly<Record<string, string | undefined>>

const initCommand = (): Command =>
  new Command('init')
    .summary('write a .env with random secrets')
    .description('Writes the .env that docker compose reads: random secrets, readable by its owner only.')
    .option('--file <path>', 'where it goes', '.env')
    .option('--force', 'replace an existing file (and lose its secrets)', false)
    .action(async (flags: { file: string; force: boolean }) => {
      await (await import('./init-env.ts')).initEnv({ path: flags.file, force: flags.force })
      const option = flags.file === '.env' ? '' : ` --env-file ${flags.file}`
      say(`Wrote ${flags.file}. Next: docker compose${option} up -d --build`)
    })
    .addHelpText('after', examples('kinoprint admin init', 'kinoprint admin init --force --file staging.env'))

const migrateCommand = (withBackend: WithBackend): Command =>
  new Command('migrate')
    .summary('bring the database up to date')
    .description('Applies the migrations that the database lacks. Safe to run at any time and several times.')
    .action(() =>
      withBackend(async (backend) => {
        const { from, to } = await backend.migrate()
        say(
          from === to
            ? `The database is up to date (${to}).`
            : `Migrated the database from ${from} to ${to}.`,
        )
      }),
    )
    .addHelpText('after', examples('DATABASE_URL=postgres://… kinoprint admin migrate'))

const reindexCommand = (withBackend: WithBackend): Command =>
  new Command('reindex')
    .summary('rebuild the candidate index')
    .description('Rebuilds the candidate index from the stored fingerprints; the videos are not read.')
    .action(() =>
      withBackend(async (backend) => {
        const { videos } = await backend.reindex()
        say(`Indexed ${videos} ${videos === 1 ? 'video' : 'videos'}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin reindex'))

const checkCommand = (withBackend: WithBackend): Command =>
  new Command('check')
    .summary('look for inconsistencies')
    .description(
      'Compares jobs, queue, videos, fingerprints, index, stills and objects with each other. Exit code 1 if something is wrong and was not repaired.',
    )
    .option('--repair', 'put right what can be put right', false)
    .option('--json', 'print {faults: [{message, repaired}], repairs, notes}', false)
    .action(({ repair, json }: { repair: boolean; json: boolean }) =>
      withBackend(async (backend) => {
        const report = await backend.check({ repair })
        if (json) say(JSON.stringify(report, null, 2))
        else {
          for (const { message } of report.faults) say(`fault: ${message}`)
          for (const done of report.repairs) say(`repaired: ${done}`)
          for (const note of report.notes) say(`note: ${note}`)
          if (report.faults.length === 0) say('No faults found.')
        }
        if (report.faults.some(({ repaired }) => !repaired)) process.exitCode = 1
      }),
    )
    .addHelpText('after', examples('kinoprint admin check', 'kinoprint admin check --repair'))

export const adminCommand = ({ environment }: { environment: Environment }): Command => {
  const withBackend: WithBackend = async (work) => {
    const backend = await (await import('./open-backend.ts')).openBackend({ environment })
    try {
      await work(backend)
    } finally {
      await backend.close()
    }
  }
  return new Command('admin')
    .summary('set up and look after an installation')
    .description(
      'Sets up and looks after an installation. While a server holds the embedded data folder, these commands talk to that server.',
    )
    .addCommand(initCommand())
    .addCommand(librariesCommand(withBackend))
    .addCommand(keysCommand(withBackend))
    .addCommand(migrateCommand(withBackend))
    .addCommand(reindexCommand(withBackend))
    .addCommand(checkCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin init', 'kinoprint admin libraries create films'))
}
