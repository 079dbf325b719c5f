import { type Command, InvalidArgumentError } from 'commander'
import { LIBRARY_HELP } from './admin/find-library.ts'
import { collect, decimal } from './admin/parse-option.ts'
import { examples } from './examples.ts'

type Environment = Readonly<Record<string, string | undefined>>

type Flags = {
  library: string
  search: boolean
  bucket?: string
  prefix?: string
  exclude: string[]
  settle: number
  rescan: number
  delete: boolean
  once: boolean
}

function interval(text: string): number {
  const seconds = decimal(text)
  if (seconds < 1) throw new InvalidArgumentError('Enter at least 1 second.')
  return seconds
}

/** Adds `watch`. */
export function addWatch(program: Command, environment: Environment): void {
  program
    .command('watch')
    .summary('store or check the videos that appear in a folder')
    .description(
      'Stores the videos of a folder and its subfolders in a library, then those that appear until Ctrl-C. With --search, looks them up instead. Each content is taken once, also after a restart. A file is taken when it is complete. Prints one JSON object a line for each file, with what the library holds of it. docs/command-line.md describes the lines.',
    )
    .argument('<dir>', 'the folder')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--search', 'look the videos up, and store none', false)
    .option('--bucket <bucket>', 'the bucket that files are sent to (default: that of the library)')
    .option(
      '--prefix <prefix>',
      'what the names of sent objects begin with (default: the name of the folder and /)',
    )
    .option(
      '--exclude <pattern>',
      'do not read files of these names, such as samples/** (repeatable)',
      collect,
      [],
    )
    .option('--settle <seconds>', 'how long a file must not have changed', decimal, 5)
    .option(
      '--rescan <seconds>',
      'how often the folder is read whole, for file systems that report no changes',
      interval,
      60,
    )
    .option(
      '--delete',
      'delete the video, and the object that was sent, when the last file of its content is deleted',
      false,
    )
    .option('--once', 'end when everything in the folder has been taken', false)
    .action(async (folder: string, flags: Flags) => {
      process.exitCode = await (await import('./commands/watch.ts')).watch({ environment, folder, ...flags })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint watch incoming --library films',
        'kinoprint watch uploads --library films --search >> found.jsonl',
        'kinoprint watch incoming --library films --once',
      ),
    )
}
