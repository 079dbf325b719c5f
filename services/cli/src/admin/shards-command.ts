import type { RouteAnswer } from '@kinoprint/contract'
import { Command, InvalidArgumentError } from 'commander'
import { examples } from '../examples.ts'
import type { WithBackend } from './backend.ts'
import { LIBRARY_HELP, libraryIdOf } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { commaList, decimal } from './parse-option.ts'

type ShardMap = RouteAnswer<'listShards'>

/** Manages the servers that hold part of the fingerprints. */
export function shardsCommand(withBackend: WithBackend): Command {
  return new Command('shards')
    .summary('spread fingerprints over several servers')
    .description(
      'Spreads fingerprints and their index over the PostgreSQL servers of SHARD_URLS. Workers move them while searches go on.',
    )
    .addCommand(listCommand(withBackend))
    .addCommand(addCommand(withBackend))
    .addCommand(moveCommand(withBackend))
    .addCommand(checkCommand(withBackend))
    .addCommand(removeCommand(withBackend))
    .addHelpText(
      'after',
      examples('kinoprint admin shards add s1', 'kinoprint admin shards move --to primary,s1'),
    )
}

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the shards')
    .description('Lists the shards, what belongs on them, and how the newest move gets on.')
    .option('--json', 'print JSON: {onPrimary, shards, placements, move}', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const map = await backend.listShards()
        return json ? printJson(map) : printMap(map)
      }),
    )
    .addHelpText('after', examples('kinoprint admin shards list', 'kinoprint admin shards list --json'))
}

function addCommand(withBackend: WithBackend): Command {
  return new Command('add')
    .summary('add a server as a shard')
    .description(
      'Adds a server of SHARD_URLS as a shard. It must be an empty database. It holds nothing until a move. The primary needs PL/Proxy.',
    )
    .argument('<name>', 'its name in SHARD_URLS')
    .action((name: string) =>
      withBackend(async (backend) => {
        await backend.addShard({ body: { name } })
        print(`Added shard ${name}. Next: kinoprint admin shards move --to ${name}`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin shards add s1'))
}

type MoveFlags = {
  to: string[]
  library?: string
  slots?: { first: number; last: number }
  rate?: number
}

function moveCommand(withBackend: WithBackend): Command {
  return new Command('move')
    .summary('change where fingerprints belong')
    .description(
      'Changes where fingerprints belong. New ones go there at once. Workers move the others while searches go on, and continue after a restart. Without --library, this holds for all libraries that were not moved on their own.',
    )
    .requiredOption('--to <shards>', 'comma-separated names; the primary is called primary', commaList)
    .option('--library <library>', LIBRARY_HELP)
    .option('--slots <first-last>', 'only ids of these slots, from 0-1023', slotRange)
    .option('--rate <number>', 'fingerprints moved per second (default: 20)', decimal)
    .action(({ to, library, slots, rate }: MoveFlags) =>
      withBackend(async (backend) => {
        const dnaDbId = await libraryIdOf(backend, library)
        const map = await backend.moveToShards({ body: { to, dnaDbId, ...slots, perSecond: rate } })
        print('The workers move the fingerprints now. See how it gets on: kinoprint admin shards list')
        printMap(map)
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin shards move --to primary,s1,s2',
        'kinoprint admin shards move --to s3 --library films --rate 5',
        'kinoprint admin shards move --to s1 --slots 0-255',
      ),
    )
}

function checkCommand(withBackend: WithBackend): Command {
  return new Command('check')
    .summary('compare what shards hold with what belongs there')
    .description(
      'Compares what each shard holds with what belongs there. Exits with 1 if a shard is away or lacks something.',
    )
    .option('--json', 'print JSON: {items: [{name, fingerprints, missing, orphans, problem}]}', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const report = await backend.checkShards()
        if (report.items.some(({ missing, problem }) => missing > 0 || problem !== null)) process.exitCode = 1
        if (json) return printJson(report)
        if (report.items.length === 0) return print('There are no shards.')
        const rows = report.items.map(({ name, fingerprints, missing, orphans, problem }) => [
          name,
          fingerprints,
          missing,
          orphans,
          problem ?? 'ok',
        ])
        print(tableText(['shard', 'fingerprints', 'missing', 'orphans', 'state'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin shards check'))
}

function removeCommand(withBackend: WithBackend): Command {
  return new Command('remove')
    .summary('forget a shard that holds nothing')
    .description('Forgets a shard that holds nothing. Move its libraries and slots to others first.')
    .argument('<name>', 'its name')
    .action((name: string) =>
      withBackend(async (backend) => {
        await backend.removeShard({ params: { name } })
        print(`Removed shard ${name}. Take it out of SHARD_URLS.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin shards remove s1'))
}

/** The value of an option that takes a range of slots. */
function slotRange(text: string): { first: number; last: number } {
  const [, first, last] = /^(\d{1,4})-(\d{1,4})$/.exec(text) ?? []
  if (first === undefined || last === undefined)
    throw new InvalidArgumentError('Enter a range of slots such as 0-511.')
  return { first: Number(first), last: Number(last) }
}

function printMap({ onPrimary, shards, placements, move }: ShardMap): void {
  const rows = shards.map(({ name, fingerprints, indexRows, problem }) => [
    name,
    fingerprints,
    indexRows ?? '-',
    problem ?? 'ok',
  ])
  print(
    tableText(['shard', 'fingerprints', 'index rows', 'state'], [['primary', onPrimary, '-', 'ok'], ...rows]),
  )
  for (const { dnaDbId, ranges } of placements) {
    const parts = ranges.map(({ first, last, shard }) => `${first}-${last} ${shard ?? 'primary'}`)
    print(`${dnaDbId ?? 'other libraries'}: ${parts.join(', ')}`)
  }
  if (move === null) return
  const { moved, progress, perSecond, problem, endedAt } = move
  if (endedAt !== null) {
    print(`The last move ended at ${endedAt}: ${moved} fingerprints moved.`)
    return
  }
  print(
    `Moving: ${moved} fingerprints moved, ${Math.floor(100 * progress)} % of this pass, at most ${perSecond} per second.`,
  )
  if (problem !== null) print(`The move waits: ${problem}`)
}
