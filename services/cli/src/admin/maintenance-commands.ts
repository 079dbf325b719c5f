import type { MaintenanceResult, MaintenanceTaskName } from '@kinoprint/contract'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import type { AdminBackend, WithBackend } from './backend.ts'
import { print, printJson } from './output.ts'

/** Runs a maintenance task and returns its result. */
export async function runTask<Task extends MaintenanceTaskName>(
  backend: AdminBackend,
  task: Task,
): Promise<MaintenanceResult<Task>> {
  const { maintenanceResults } = await import('@kinoprint/contract')
  const { result } = await backend.runMaintenance({ params: { task } })
  return maintenanceResults[task].parse(result) as MaintenanceResult<Task>
}

export function migrateCommand(withBackend: WithBackend): Command {
  return new Command('migrate')
    .summary('bring the database up to date')
    .description('Applies missing migrations to the database. Safe to run at any time.')
    .action(() =>
      withBackend(async (backend) => {
        const { from, to } = await runTask(backend, 'migrate')
        print(
          from === to
            ? `The database is up to date (${to}).`
            : `Migrated the database from ${from} to ${to}.`,
        )
      }),
    )
    .addHelpText('after', examples('DATABASE_URL=postgres://… kinoprint admin migrate'))
}

export function checkCommand(withBackend: WithBackend): Command {
  return new Command('check')
    .summary('find inconsistencies')
    .description(
      'Checks that jobs, queue, videos, fingerprints, index, thumbnails and objects are consistent. Exits with 1 if a fault remains.',
    )
    .option('--repair', 'repair faults where possible', false)
    .option('--json', 'print JSON: {faults: [{message, repaired}], repairs, notes}', false)
    .action(({ repair, json }: { repair: boolean; json: boolean }) =>
      withBackend(async (backend) => {
        const report = await runTask(backend, repair ? 'repair' : 'check')
        if (report.faults.some(({ repaired }) => !repaired)) process.exitCode = 1
        if (json) return printJson(report)
        for (const { message } of report.faults) print(`fault: ${message}`)
        for (const done of report.repairs) print(`repaired: ${done}`)
        for (const note of report.notes) print(`note: ${note}`)
        if (report.faults.length === 0) print('No faults found.')
      }),
    )
    .addHelpText('after', examples('kinoprint admin check', 'kinoprint admin check --repair'))
}
