import { Command } from 'commander'
import { examples } from '../examples.ts'
import type { WithBackend } from './backend.ts'
import { runTask } from './maintenance-commands.ts'
import { print } from './output.ts'

/** Manages the candidate index of very large libraries. */
export function indexCommand(withBackend: WithBackend): Command {
  return new Command('index')
    .summary('lengthen the keys of very large libraries')
    .description('Manages the candidate index of libraries over 65,000 hours.')
    .addCommand(lengthenCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin index lengthen'))
}

function lengthenCommand(withBackend: WithBackend): Command {
  return new Command('lengthen')
    .summary('build indexes over longer keys')
    .description(
      'Builds an index over keys of 32 bits for each library with over 268 million index rows, on every server that has them, and waits for it. Searches and writes go on meanwhile. After an interruption, run it again: what is complete stays.',
    )
    .action(() =>
      withBackend(async (backend) => {
        const { indexes } = await runTask(backend, 'lengthen')
        print(
          indexes === 0
            ? 'No index needs longer keys, or all have them.'
            : `Built ${indexes} ${indexes === 1 ? 'index' : 'indexes'} over longer keys.`,
        )
      }),
    )
    .addHelpText('after', examples('kinoprint admin index lengthen'))
}
