import type { RouteAnswer } from '@kinoprint/contract'
import { Command, Option } from 'commander'
import { examples } from '../examples.ts'
import { formatRows, rowFormats } from '../output/row-format.ts'
import { listAll, type WithBackend } from './backend.ts'
import { print, tableText } from './output.ts'
import { wholeNumber } from './parse-option.ts'

type Flags = {
  action?: string
  subject?: string
  who?: string
  from?: string
  to?: string
  last: number
  format: 'text' | (typeof rowFormats)[number]
}

const SHOWN = 20
const columns = ['auditId', 'at', 'actor', 'address', 'requestId', 'action', 'subject', 'before', 'after']

/** Shows who changed what. */
export function auditCommand(withBackend: WithBackend): Command {
  return new Command('audit')
    .summary('show who changed what')
    .description(
      'Shows the audit log, newest first: the last entries as a table, or all that match the filters as JSON, JSON Lines or CSV. Times are in UTC.',
    )
    .option('--action <name>', 'only this action, such as deleteVideo')
    .option('--subject <id>', 'only changes of this id')
    .option('--who <person>', 'only by the person with this id or name')
    .option('--from <time>', 'only from this time on, such as 2026-01-01T00:00:00Z')
    .option('--to <time>', 'only before this time')
    .option('--last <number>', 'how many entries the table shows, at most 100', wholeNumber, SHOWN)
    .addOption(
      new Option('--format <format>', 'text, json, jsonl or csv')
        .choices(['text', ...rowFormats])
        .default('text'),
    )
    .action(({ last, format, ...filter }: Flags) =>
      withBackend(async (backend) => {
        if (format === 'text') {
          const { items } = await backend.listAudit({ query: { ...filter, pageSize: last } })
          return print(items.length === 0 ? 'No entry matches.' : textOf(items))
        }
        const entries = await listAll(({ query }) => backend.listAudit({ query: { ...query, ...filter } }))
        process.stdout.write(formatRows(entries, { format, columns }))
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin audit --who Li --action decideMatch',
        'kinoprint admin audit --from 2026-01-01T00:00:00Z --format csv > audit.csv',
      ),
    )
}

const kinds = {
  ...{ token: 'admin token', command: 'command line', user: 'person' },
  ...{ key: 'API key', hma: '/hma token', worker: 'worker' },
}

function textOf(items: RouteAnswer<'listAudit'>['items']): string {
  const rows = items.map(({ at, actor, action, subject, after }) => {
    const who = actor.name ?? kinds[actor.kind]
    return [at, who, action, subject ?? '-', after === null ? '-' : JSON.stringify(after)]
  })
  return tableText(['time', 'who', 'action', 'what', 'change'], rows)
}
