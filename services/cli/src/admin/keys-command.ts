import type { RouteAnswer } from '@kinoprint/contract'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { print, printJson, tableText } from './output.ts'
import { commaList, type Limit, limitOrNone } from './parse-option.ts'

type QuotaFlags = { minutesPerDay?: Limit; minutesPerMonth?: Limit; openJobs?: Limit }
type CreateFlags = QuotaFlags & {
  actions: string[]
  libraries: string[]
  buckets: string[]
  region?: string
}
type Key = RouteAnswer<'listKeys'>['items'][number]

/** Adds the options of a quota. */
function withQuota(command: Command): Command {
  return command
    .option('--minutes-per-day <n>', 'minutes stored and searched in a day (UTC), or none', limitOrNone)
    .option('--minutes-per-month <n>', 'the same in a calendar month (UTC), or none', limitOrNone)
    .option('--open-jobs <n>', 'jobs that wait or run at once, or none', limitOrNone)
}

function quotaOf({ minutesPerDay, minutesPerMonth, openJobs }: QuotaFlags) {
  const limit = (value: Limit | undefined) => (value === 'none' ? null : value)
  return {
    minutesPerDay: limit(minutesPerDay),
    minutesPerMonth: limit(minutesPerMonth),
    openJobs: limit(openJobs),
  }
}

function usedText({ quota, used }: Key): string[] {
  const { minutesToday, minutesThisMonth, reservedMinutes } = used
  const text = (value: number, limit: number | null) =>
    `${Number.isInteger(value) ? value : value.toFixed(1)}${limit === null ? '' : ` / ${limit}`}`
  return [
    text(minutesToday + reservedMinutes, quota.minutesPerDay),
    text(minutesThisMonth + reservedMinutes, quota.minutesPerMonth),
    text(used.openJobs, quota.openJobs),
  ]
}

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the API keys')
    .description('Lists the API keys, without their secrets, and what each has used of its quota.')
    .option('--json', 'print a JSON array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const keys = await listAll(backend.listKeys)
        if (json) return printJson(keys)
        const rows = keys.map((key) => [
          ...[key.secretId, key.name, key.createdAt, key.lastUsedAt ?? 'never'],
          ...usedText(key),
        ])
        const head = ['SecretId', 'name', 'created', 'last used', 'min today', 'min this month', 'open jobs']
        print(tableText(head, rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin keys list'))
}

function createCommand(withBackend: WithBackend): Command {
  const command = new Command('create')
    .summary('create an API key and print it')
    .description('Creates an API key and prints {secretId, secretKey}. The secret is shown only once.')
    .argument('<name>', 'a name for the key, such as its user')
    .requiredOption(
      '--actions <list>',
      "comma-separated actions the key may use, e.g. ci:CreateMediaJobs; '*' for all",
      commaList,
    )
    .requiredOption('--libraries <list>', "comma-separated DnaDbIds the key may use; '*' for all", commaList)
    .requiredOption(
      '--buckets <list>',
      "comma-separated buckets the key may use, its default bucket first; '*' for all",
      commaList,
    )
    .option('--region <region>', 'default region of the key')
  return withQuota(command)
    .action((name: string, flags: CreateFlags) =>
      withBackend(async (backend) => {
        const { actions, libraries, buckets, region } = flags
        const body = { name, actions, libraries, buckets, region, quota: quotaOf(flags) }
        print(JSON.stringify(await backend.createKey({ body })))
      }),
    )
    .addHelpText(
      'after',
      examples(
        "kinoprint admin keys create uploader --actions ci:CreateMediaJobs,ci:DescribeMediaJob --libraries '*' --buckets films-125",
        "kinoprint admin keys create operator --actions '*' --libraries '*' --buckets '*'",
      ),
    )
}

function quotaCommand(withBackend: WithBackend): Command {
  const command = new Command('quota')
    .summary('limit what an API key may use')
    .description(
      'Limits the minutes and jobs of an API key. Limits that are not named keep their values. It takes effect at once.',
    )
    .argument('<SecretId>', 'the id of the key')
  return withQuota(command)
    .action((secretId: string, flags: QuotaFlags) =>
      withBackend(async (backend) => {
        const quota = quotaOf(flags)
        const key = await backend.updateKey({ params: { secretId }, body: { quota } })
        const [today, month, jobs] = usedText(key)
        print(`${key.name} has used ${today} min today, ${month} min this month, and has ${jobs} open jobs.`)
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin keys quota AKID0123… --minutes-per-day 600 --open-jobs 50',
        'kinoprint admin keys quota AKID0123… --minutes-per-day none',
      ),
    )
}

function revokeCommand(withBackend: WithBackend): Command {
  return new Command('revoke')
    .summary('revoke an API key at once')
    .description('Revokes an API key at once.')
    .argument('<SecretId>', 'the id of the key')
    .action((secretId: string) =>
      withBackend(async (backend) => {
        await backend.revokeKey({ params: { secretId } })
        print(`Revoked key ${secretId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin keys revoke AKID0123…'))
}

export function keysCommand(withBackend: WithBackend): Command {
  return new Command('keys')
    .summary('list, create, limit and revoke API keys')
    .description('Lists, creates, limits and revokes API keys.')
    .addCommand(listCommand(withBackend))
    .addCommand(createCommand(withBackend))
    .addCommand(quotaCommand(withBackend))
    .addCommand(revokeCommand(withBackend))
    .addHelpText(
      'after',
      examples("kinoprint admin keys create operator --actions '*' --libraries '*' --buckets '*'"),
    )
}
