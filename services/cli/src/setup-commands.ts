import { Argument, type Command, Option } from 'commander'
import type { Shell } from './commands/completion.ts'
import { examples } from './examples.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Adds `doctor`. */
export function addDoctor(program: Command, environment: Environment): void {
  program
    .command('doctor')
    .summary('say what is missing and how to fix it')
    .description(
      'Checks the programs, settings, folders and servers that Kinoprint needs, and prints what cures each problem. It changes nothing. The exit code is 1 if something is missing.',
    )
    .addOption(
      new Option('--format <format>', 'text, or json: {ok, checks: [{check, state, found, cure}]}')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async ({ format }: { format: 'text' | 'json' }) =>
      (await import('./commands/doctor.ts')).doctor({ environment, format }),
    )
    .addHelpText('after', examples('kinoprint doctor', 'kinoprint doctor --format json'))
}

/** Adds `completion`. Call it last: it completes the commands that the program has when it runs. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('print a script that completes commands in a shell')
    .description(
      'Prints a script that makes a shell complete commands, options and their values after the word kinoprint.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      process.stdout.write((await import('./commands/completion.ts')).completion(program, shell))
    })
    .addHelpText(
      'after',
      examples(
        'eval "$(kinoprint completion bash)"',
        'eval "$(kinoprint completion zsh)"',
        'kinoprint completion fish | source',
      ),
    )
}
