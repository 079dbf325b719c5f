import { type Policy, type PolicyChanges, policyTracks } from '@kinoprint/core'
import { Command, Option } from 'commander'
import { examples } from '../examples.ts'
import type { WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { decimal } from './parse-option.ts'

type Flags = PolicyChanges & { readonly preview: boolean; readonly json: boolean }

/** Shows what the searches of a library report, changes it, or previews a change. */
export function policyCommand(withBackend: WithBackend): Command {
  return new Command('policy')
    .summary('show or change what searches of a library report')
    .description(
      'Prints the policy of a library, after changing the given fields. With --preview, nothing changes: it prints what the policy would have done to the matches of the last 30 days.',
    )
    .argument('<library>', LIBRARY_HELP)
    .option('--min-seconds <seconds>', 'least seconds of the query that a pair shares', decimal)
    .option('--min-share <share>', 'least share of either video that a pair covers, 0 to 1', decimal)
    .addOption(new Option('--tracks <tracks>', 'what must match in a pair').choices([...policyTracks]))
    .option('--report-from <score>', 'score from which a pair is reported, 0.45 to 1', decimal)
    .option('--review-from <score>', 'score from which other pairs are shown for review', decimal)
    .option('--keep-from <score>', 'score from which other pairs are kept as near misses', decimal)
    .option('--preview', 'only show what would change', false)
    .option('--json', 'print JSON', false)
    .action((library: string, { preview, json, ...body }: Flags) =>
      withBackend(async (backend) => {
        const params = { dnaDbId: (await findLibrary(backend, library)).dnaDbId }
        if (preview) {
          const result = await backend.previewPolicy({ params, body })
          return json ? printJson(result) : print(previewText(result))
        }
        const isChange = Object.keys(body).length > 0
        const { policy } = isChange
          ? await backend.updateLibrary({ params, body: { policy: body } })
          : await backend.getLibrary({ params })
        return json ? printJson(policy) : print(policyText(policy))
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin libraries policy films',
        'kinoprint admin libraries policy films --min-seconds 5 --preview',
        'kinoprint admin libraries policy films --report-from 0.8 --review-from 0.45',
      ),
    )
}

function policyText(policy: Policy): string {
  return tableText(
    ['field', 'value'],
    Object.entries(policy).map(([name, value]) => [name, String(value)]),
  )
}

type Counts = Readonly<Record<'report' | 'review' | 'near' | 'drop', number>>

function previewText({
  before,
  after,
  confirmedLost,
}: {
  readonly before: Counts
  readonly after: Counts
  readonly confirmedLost: number
}): string {
  const names = ['report', 'review', 'near', 'drop'] as const
  const rows = names.map((name) => [name, String(before[name]), String(after[name])])
  const lost =
    confirmedLost > 0 ? `\nConfirmed matches that would not have been reported: ${confirmedLost}.` : ''
  return `${tableText(['verdict', 'now', 'with the policy'], rows)}${lost}`
}
