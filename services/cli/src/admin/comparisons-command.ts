import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { Command } from 'commander'
import { formatClock } from '../compare/format-clock.ts'
import { examples } from '../examples.ts'
import { type AdminBackend, listAll, type WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { wholeNumber } from './parse-option.ts'

type CompareBody = Parameters<AdminBackend['compare']>[0]['body']
type Side = CompareBody['query']

const SIDE_HELP = 'an address, BUCKET/OBJECT, or with --library a VideoId'

/** Exit codes as those of `kinoprint compare`. */
const NO_COPY = 1
const UNREADABLE = 3

async function sideOf(backend: AdminBackend, text: string, library: string | undefined): Promise<Side> {
  if (/^https?:/i.test(text)) return { url: text }
  if (library !== undefined && !text.includes('/'))
    return { dnaDbId: (await findLibrary(backend, library)).dnaDbId, videoId: text }
  const [, bucket, object] = /^([^/]+)\/(.+)$/.exec(text) ?? []
  if (bucket === undefined || object === undefined)
    throw new Fault('InvalidArgument', `${text} is not ${SIDE_HELP}.`)
  return { bucket, object }
}

type CompareFlags = { library?: string; timeout: number; json: boolean }

/** `admin compare`: two videos that the server reads. */
export function compareCommand(withBackend: WithBackend): Command {
  return new Command('compare')
    .summary('compare two objects, addresses or stored videos')
    .description(
      'Compares two videos that the server reads, and keeps nothing. The exit code is 0 for a copy, 1 without one, and 3 if a side cannot be read. For local files, use kinoprint compare.',
    )
    .argument('<query>', SIDE_HELP)
    .argument('<reference>', SIDE_HELP)
    .option('--library <library>', `where VideoIds are: ${LIBRARY_HELP}`)
    .option('--timeout <seconds>', 'how long to wait, at most 240', wholeNumber, 60)
    .option('--json', 'print the result as JSON', false)
    .action((query: string, reference: string, { library, timeout, json }: CompareFlags) =>
      withBackend(
        async (backend) => {
          const [one, other] = [
            await sideOf(backend, query, library),
            await sideOf(backend, reference, library),
          ]
          const body = { query: one, reference: other, timeoutSeconds: timeout }
          const compared = await backend.compare({ body }).catch((error: unknown) => {
            const isOfSide = error instanceof Fault && /^The (?:query|reference): /.test(error.message)
            if (!isOfSide) throw error
            process.stderr.write(`${error.message}\n`)
            process.exitCode = UNREADABLE
            return null
          })
          if (compared === null) return
          if (!compared.accepted) process.exitCode = NO_COPY
          if (json) printJson(compared)
          else print(comparedText(compared))
        },
        { runsJobs: true },
      ),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin compare uploads-125/clip.mp4 films-125/film.mp4',
        'kinoprint admin compare https://cdn.example.com/clip.mp4 dv0123… --library films --json',
      ),
    )
}

function comparedText(compared: RouteAnswer<'compare'>): string {
  const { score, accepted, similar, audioSimilar, queryCoverage, refCoverage, segments, why } = compared
  const { framesCompared } = compared
  const percent = (share: number) => `${Math.round(100 * share)} %`
  const head = [
    `score     ${score.toFixed(3)} (${accepted ? 'a search would report it' : (why?.message ?? 'not reported')})`,
    `similar   pictures ${similar} of 100, sound ${audioSimilar} of 100`,
    `covered   ${percent(queryCoverage)} of the query, ${percent(refCoverage)} of the reference`,
    ...(framesCompared === 'stored'
      ? ['frames    only stored ones were compared, because the file of the video is out of reach']
      : []),
  ]
  if (segments.length === 0) return head.join('\n')
  const rows = segments.map((one) => [
    `${formatClock(one.queryStart)} - ${formatClock(one.queryEnd)}`,
    `${formatClock(one.refStart)} - ${formatClock(one.refEnd)}`,
    one.score.toFixed(3),
    one.kind,
  ])
  return [...head, '', tableText(['in the query', 'in the reference', 'score', 'by'], rows)].join('\n')
}

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the comparisons of the last hour')
    .description('Lists the comparisons of the last hour, newest first, those of the console too.')
    .option('--json', 'print a JSON array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const comparisons = await listAll(backend.listComparisons)
        if (json) return printJson(comparisons)
        const rows = comparisons.map(({ comparisonId, state, result, query, reference }) => {
          return [comparisonId, state, result?.score.toFixed(3) ?? '', query.name, reference.name]
        })
        print(tableText(['ComparisonId', 'state', 'score', 'query', 'reference'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin comparisons list'))
}

function showCommand(withBackend: WithBackend): Command {
  return new Command('show')
    .summary('print a comparison as JSON')
    .description('Prints a comparison as JSON, with its progress and its result.')
    .argument('<ComparisonId>', 'the id of the comparison')
    .action((comparisonId: string) =>
      withBackend(async (backend) => printJson(await backend.getComparison({ params: { comparisonId } }))),
    )
    .addHelpText('after', examples('kinoprint admin comparisons show cp0123…'))
}

function deleteCommand(withBackend: WithBackend): Command {
  return new Command('delete')
    .summary('stop a comparison and delete it')
    .description('Stops a comparison and deletes it with its uploads.')
    .argument('<ComparisonId>', 'the id of the comparison')
    .action((comparisonId: string) =>
      withBackend(async (backend) => {
        await backend.deleteComparison({ params: { comparisonId } })
        print(`Deleted comparison ${comparisonId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin comparisons delete cp0123…'))
}

export function comparisonsCommand(withBackend: WithBackend): Command {
  return new Command('comparisons')
    .summary('list, show and delete comparisons')
    .description('Lists, shows and deletes comparisons of two videos.')
    .addCommand(listCommand(withBackend))
    .addCommand(showCommand(withBackend))
    .addCommand(deleteCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin comparisons list'))
}
