import { Command, Option } from 'commander'
import { examples } from '../examples.ts'
import { formatRows } from '../output/row-format.ts'
import type { WithBackend } from './backend.ts'
import { print, printJson, tableText } from './output.ts'
import { commaList } from './parse-option.ts'

const groups = ['day', 'key', 'library', 'kind'] as const
type Group = (typeof groups)[number]

/** The field of a row that a group fills. */
const fieldOf = { day: 'day', key: 'secretId', library: 'dnaDbId', kind: 'ruleType' } as const
const figures = ['jobs', 'failed', 'storedMinutes', 'searchedMinutes', 'billedMinutes', 'matches'] as const

type Flags = { from?: string; to?: string; by: string[]; format: 'text' | 'json' | 'csv' }

/** Counts jobs and minutes of video. */
export function usageCommand(withBackend: WithBackend): Command {
  return new Command('usage')
    .summary('count jobs and minutes of video')
    .description(
      'Counts jobs and minutes of video, by day, key, library or kind. Minutes stored and minutes searched add up to those billed. Days are in UTC. The default is the last 30 days.',
    )
    .option('--from <day>', 'first day, such as 2026-01-01')
    .option('--to <day>', 'last day, included')
    .option('--by <groups>', `comma-separated: ${groups.join(', ')}`, commaList, ['day'])
    .addOption(
      new Option('--format <format>', 'text, json or csv').choices(['text', 'json', 'csv']).default('text'),
    )
    .action(({ from, to, by, format }: Flags) =>
      withBackend(async (backend) => {
        // The route takes the groups as one text, and checks them.
        const query = { from, to, by: by as Group[] }
        const usage = await backend.getUsage({ query })
        if (format === 'json') return printJson(usage)
        const columns = [...usage.by.map((group) => fieldOf[group]), ...figures]
        if (format === 'csv') return void process.stdout.write(formatRows(usage.rows, { format, columns }))
        const cell = (value: string | number | null) =>
          typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : (value ?? '-')
        const rows = usage.rows.map((row) => columns.map((column) => cell(row[column])))
        const totals = columns.map((column, index) =>
          column in usage.totals
            ? cell(usage.totals[column as (typeof figures)[number]])
            : index === 0
              ? 'total'
              : '',
        )
        print(tableText(columns, [...rows, totals]))
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin usage --by key --from 2026-01-01 --to 2026-01-31',
        'kinoprint admin usage --by day,library --format csv > usage.csv',
      ),
    )
}
