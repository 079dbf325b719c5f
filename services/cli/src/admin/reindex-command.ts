import { setTimeout as delay } from 'node:timers/promises'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { type AdminBackend, listAll, type WithBackend } from './backend.ts'
import { LIBRARY_HELP, libraryIdOf } from './find-library.ts'
import { runTask } from './maintenance-commands.ts'
import { print, printJson, tableText } from './output.ts'
import { wholeNumber } from './parse-option.ts'

type Report = Awaited<ReturnType<AdminBackend['getReindexing']>>
type Run = NonNullable<Report['last']>

/** Between two looks at a re-indexing that is waited for. */
const WAIT_MS = 1_000

function lineOf({ state, total, decoded, rebuilt, failed }: Run): string {
  const parts = [`${decoded} from their objects`, `${rebuilt} from stored fingerprints`, `${failed} failed`]
  return `${state}: ${decoded + rebuilt + failed} of ${total} videos (${parts.join(', ')}).`
}

async function waitUntilDone(backend: AdminBackend): Promise<Run | null> {
  for (;;) {
    const { last } = await backend.getReindexing()
    if (last?.state !== 'Running') return last
    await delay(WAIT_MS)
  }
}

type StartFlags = { library?: string; all: boolean; perMinute?: number; wait: boolean }

function startCommand(withBackend: WithBackend): Command {
  return new Command('start')
    .summary('re-index in the background')
    .description(
      'Makes outdated fingerprints again from their objects, and outdated index rows from the stored fingerprints. Workers do it one video at a time while searches go on. It continues after a restart.',
    )
    .option('--library <library>', `${LIBRARY_HELP} (default: all)`)
    .option('--all', 'also the index rows of videos that are up to date', false)
    .option('--per-minute <n>', 'at most this many videos a minute', wholeNumber)
    .option('--wait', 'wait until it is done. Exits with 1 if a video failed', false)
    .action(({ library, all, perMinute: videosPerMinute, wait }: StartFlags) =>
      withBackend(
        async (backend) => {
          const dnaDbId = await libraryIdOf(backend, library)
          const scope = all ? 'all' : 'outdated'
          const started = await backend.startReindexing({ body: { scope, dnaDbId, videosPerMinute } })
          const run = wait ? await waitUntilDone(backend) : started
          print(lineOf(run ?? started))
          if (wait && run !== null && run.failed > 0) process.exitCode = 1
        },
        { runsJobs: wait },
      ),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin reindex start',
        'kinoprint admin reindex start --library films --per-minute 30',
      ),
    )
}

function statusCommand(withBackend: WithBackend): Command {
  return new Command('status')
    .summary('show what is outdated, and how far re-indexing is')
    .description('Shows how many videos of each library are outdated, and the last re-indexing.')
    .option('--json', 'print JSON: {format, indexVersion, outdated, libraries, last}', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const report = await backend.getReindexing()
        if (json) return printJson(report)
        const { outdated, libraries, last } = report
        if (last !== null) print(lineOf(last))
        if (outdated === 0) return print('No video is outdated.')
        const rows = libraries.map(({ dnaDbId, name, videos }) => [dnaDbId, name, videos])
        print(tableText(['DnaDbId', 'name', 'outdated videos'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin reindex status'))
}

function stopCommand(withBackend: WithBackend): Command {
  return new Command('stop')
    .summary('stop re-indexing')
    .description('Stops re-indexing. What is done stays, and starting it again continues with the rest.')
    .action(() => withBackend(async (backend) => print(lineOf(await backend.stopReindexing()))))
    .addHelpText('after', examples('kinoprint admin reindex stop'))
}

function failuresCommand(withBackend: WithBackend): Command {
  return new Command('failures')
    .summary('list the videos that stayed outdated')
    .description('Lists the videos that the last re-indexing left as they were, with the reason.')
    .option('--json', 'print a JSON array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const failures = await listAll(backend.listReindexingFailures)
        if (json) return printJson(failures)
        if (failures.length === 0) return print('The last re-indexing left no video as it was.')
        const rows = failures.map(({ videoId, bucket, object, reason }) => [videoId, bucket, object, reason])
        print(tableText(['VideoId', 'bucket', 'object', 'reason'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin reindex failures'))
}

/** Rebuilds the index at once, or re-indexes in the background. */
export function reindexCommand(withBackend: WithBackend): Command {
  return new Command('reindex')
    .summary('rebuild the candidate index, at once or in the background')
    .description(
      'Rebuilds the candidate index from the stored fingerprints, without reading the videos, and waits for it. Use `start` for fingerprints of an older version and for large libraries.',
    )
    .action(() =>
      withBackend(async (backend) => {
        const { videos } = await runTask(backend, 'reindex')
        print(`Indexed ${videos} ${videos === 1 ? 'video' : 'videos'}.`)
      }),
    )
    .addCommand(startCommand(withBackend))
    .addCommand(statusCommand(withBackend))
    .addCommand(stopCommand(withBackend))
    .addCommand(failuresCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin reindex', 'kinoprint admin reindex start'))
}
