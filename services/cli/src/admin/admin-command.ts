import { basename } from 'node:path'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { auditCommand } from './audit-command.ts'
import type { WithBackend } from './backend.ts'
import { compareCommand, comparisonsCommand } from './comparisons-command.ts'
import { exportCommand, importCommand } from './exchange-commands.ts'
import { heldCommand } from './held-command.ts'
import { ignoredCommand } from './ignored-command.ts'
import { importTencentCommand } from './import-tencent-command.ts'
import { indexCommand } from './index-command.ts'
import { jobsCommand } from './jobs-command.ts'
import { keysCommand } from './keys-command.ts'
import { librariesCommand } from './libraries-command.ts'
import { checkCommand, migrateCommand } from './maintenance-commands.ts'
import { matchCallbackCommand } from './match-callback-command.ts'
import { print } from './output.ts'
import { peopleCommand } from './people-command.ts'
import { reindexCommand } from './reindex-command.ts'
import { shardsCommand } from './shards-command.ts'
import { usageCommand } from './usage-command.ts'
import { videosCommand } from './videos-command.ts'
import { workersCommand } from './workers-command.ts'

type Environment = Readonly<Record<string, string | undefined>>

function initCommand(): Command {
  return new Command('init')
    .summary('write a .env with random secrets')
    .description('Writes the .env that docker compose reads: random secrets, readable only by the owner.')
    .option('--file <path>', 'the file to write', '.env')
    .option('--force', 'replace an existing file and lose its secrets', false)
    .action(async (flags: { file: string; force: boolean }) => {
      await (await import('./init-env.ts')).initEnv({ path: flags.file, force: flags.force })
      // Compose reads a file of this name from its own folder. In a container, that folder has another path.
      const option = basename(flags.file) === '.env' ? '' : ` --env-file ${flags.file}`
      print(`Wrote ${flags.file}. Next: docker compose${option} up -d --build`)
    })
    .addHelpText('after', examples('kinoprint admin init', 'kinoprint admin init --force --file staging.env'))
}

/** `kinoprint admin`. Each command opens its backend when it runs and closes it at the end. */
export function adminCommand({ environment }: { environment: Environment }): Command {
  const withBackend: WithBackend = async (work, options = {}) => {
    const { openAdminBackend } = await import('../product/open-admin-backend.ts')
    const backend = await openAdminBackend({ environment, ...options })
    try {
      await work(backend)
    } finally {
      await backend.close()
    }
  }
  return new Command('admin')
    .summary('set up and manage an installation')
    .description(
      'Sets up and manages an installation. While a server uses the embedded data folder, these commands call that server.',
    )
    .addCommand(initCommand())
    .addCommand(librariesCommand(withBackend))
    .addCommand(exportCommand(withBackend))
    .addCommand(importCommand(withBackend))
    .addCommand(importTencentCommand(withBackend, { environment }))
    .addCommand(videosCommand(withBackend))
    .addCommand(keysCommand(withBackend))
    .addCommand(jobsCommand(withBackend))
    .addCommand(compareCommand(withBackend))
    .addCommand(ignoredCommand(withBackend))
    .addCommand(heldCommand(withBackend))
    .addCommand(matchCallbackCommand(withBackend))
    .addCommand(usageCommand(withBackend))
    .addCommand(auditCommand(withBackend))
    .addCommand(peopleCommand(withBackend))
    .addCommand(workersCommand(withBackend))
    .addCommand(shardsCommand(withBackend))
    .addCommand(comparisonsCommand(withBackend))
    .addCommand(migrateCommand(withBackend))
    .addCommand(reindexCommand(withBackend))
    .addCommand(indexCommand(withBackend))
    .addCommand(checkCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin init', 'kinoprint admin libraries create films'))
}
