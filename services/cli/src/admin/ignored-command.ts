import { Command } from 'commander'
import { formatClock } from '../compare/format-clock.ts'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { decimal } from './parse-option.ts'

function span({ start, end }: { readonly start: number; readonly end: number }): string {
  return `${formatClock(start)} - ${formatClock(end)}`
}

type ListFlags = { library: string; video?: string; json: boolean }

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the ignored passages of a library')
    .description('Lists the passages that searches of a library do not report, newest first.')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--video <VideoId>', 'only passages of this video')
    .option('--json', 'print a JSON array', false)
    .action(({ library, video, json }: ListFlags) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        const passages = await listAll(({ query }) =>
          backend.listIgnoredPassages({ params: { dnaDbId }, query: { ...query, videoId: video } }),
        )
        if (json) return printJson(passages)
        const rows = passages.map(({ ignoredId, object, state, alsoIn, hidden, shortened, ...passage }) => {
          return [ignoredId, span(passage), state, alsoIn ?? '?', hidden, shortened, object]
        })
        print(tableText(['IgnoredId', 'passage', 'state', 'also in', 'hides', 'shortens', 'object'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin ignored list --library films'))
}

function suggestCommand(withBackend: WithBackend): Command {
  return new Command('suggest')
    .summary('suggest passages to ignore')
    .description('Lists passages that three or more videos of a library share.')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--json', 'print a JSON array', false)
    .action(({ library, json }: { library: string; json: boolean }) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        const { items } = await backend.suggestIgnoring({ params: { dnaDbId } })
        if (json) return printJson(items)
        const rows = items.map(({ videoId, videos, object, ...passage }) => [
          videoId,
          span(passage),
          videos,
          object,
        ])
        print(tableText(['VideoId', 'passage', 'videos', 'object'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin ignored suggest --library films'))
}

type AddFlags = {
  library: string
  start: number
  end: number
  everywhere: boolean
  note?: string
  dryRun: boolean
}

function addCommand(withBackend: WithBackend): Command {
  return new Command('add')
    .summary('ignore a passage of a video')
    .description(
      'Leaves a passage of a stored video out of the searches of its library, also in the matches that exist. Confirmed matches stay as they are. With --dry-run, only counts what that would do.',
    )
    .argument('<VideoId>', 'the stored video')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .requiredOption('--start <seconds>', 'where the passage begins', decimal)
    .requiredOption('--end <seconds>', 'where it ends, 0.5 s to 10 min later', decimal)
    .option('--everywhere', 'also where the passage is found in other videos, and in queries', false)
    .option('--note <text>', 'a note for reviewers')
    .option('--dry-run', 'only count the matches that it would hide or shorten', false)
    .action((videoId: string, { library, dryRun, ...passage }: AddFlags) =>
      withBackend(
        async (backend) => {
          const { dnaDbId } = await findLibrary(backend, library)
          const body = { videoId, ...passage }
          const done = await backend.ignorePassage({ params: { dnaDbId }, query: { dryRun }, body })
          const effect = `hides ${done.hidden} and shortens ${done.shortened} open matches`
          if ('ignoredId' in done) return print(`Ignored as ${done.ignoredId}: it ${effect}.`)
          const found =
            done.alsoIn === null
              ? 'It is still being looked up in other videos.'
              : `Other videos with it: ${done.alsoIn}.`
          print(`It ${effect}. Confirmed matches with it: ${done.confirmedKept}. ${found}`)
        },
        { runsJobs: dryRun && passage.everywhere },
      ),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin ignored add dv0123… --library films --start 0 --end 8.4 --everywhere --dry-run',
        "kinoprint admin ignored add dv0123… --library films --start 0 --end 8.4 --note 'ident of 2025'",
      ),
    )
}

function removeCommand(withBackend: WithBackend): Command {
  return new Command('remove')
    .summary('restore an ignored passage')
    .description('Restores ignored passages: what they took away counts again at once.')
    .argument('<IgnoredId...>', 'the ids of ignored passages')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .action((ids: string[], { library }: { library: string }) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        for (const ignoredId of ids) {
          await backend.restorePassage({ params: { dnaDbId, ignoredId } })
          print(`Restored passage ${ignoredId}.`)
        }
      }),
    )
    .addHelpText('after', examples('kinoprint admin ignored remove ig0123… --library films'))
}

export function ignoredCommand(withBackend: WithBackend): Command {
  return new Command('ignored')
    .summary('list, suggest, add and remove ignored passages')
    .description('Lists, suggests, adds and removes passages that searches of a library do not report.')
    .addCommand(listCommand(withBackend))
    .addCommand(suggestCommand(withBackend))
    .addCommand(addCommand(withBackend))
    .addCommand(removeCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin ignored suggest --library films'))
}
