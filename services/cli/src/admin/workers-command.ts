import { Command } from 'commander'
import { examples } from '../examples.ts'
import type { WithBackend } from './backend.ts'
import { print, printJson, tableText } from './output.ts'

/** Lists the workers with what they run. */
export function workersCommand(withBackend: WithBackend): Command {
  return new Command('workers')
    .summary('list the workers')
    .description(
      'Lists the workers that are alive, and those that went in the last hour, with what they run.',
    )
    .option('--json', 'print JSON: {items, lastHeardAt, version}', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const workers = await backend.listWorkers()
        if (json) return printJson(workers)
        if (workers.items.length === 0) return print('No worker has run in the last hour.')
        const rows = workers.items.map(
          ({ name, state, version, slots, running, lastHour, heardSecondsAgo }) => {
            const heard = `${heardSecondsAgo.toFixed(0)} s ago`
            return [name, state, heard, version, `${running.length}/${slots}`, lastHour.jobs, lastHour.failed]
          },
        )
        print(
          tableText(['worker', 'state', 'heard', 'version', 'running', 'jobs in an hour', 'failed'], rows),
        )
      }),
    )
    .addHelpText('after', examples('kinoprint admin workers', 'kinoprint admin workers --json'))
}
