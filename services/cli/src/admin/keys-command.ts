import { Command } from 'commander'
import { examples } from '../examples.ts'
import { say, type WithBackend } from './admin-backend.ts'
import { tableText } from './table-text.ts'

const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

type CreateFlags = { actions: string[]; libraries: string[]; buckets: string[]; region?: string }

const listCommand = (withBackend: WithBackend): Command =>
  new Command('list')
    .description('Lists the API keys, without their secrets.')
    .option('--json', 'print an array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const keys = await backend.listKeys()
        if (json) return say(JSON.stringify(keys, null, 2))
        const rows = keys.map((one) => [one.secretId, one.name, one.createdAt, one.lastUsedAt ?? 'never'])
        say(tableText(['SecretId', 'name', 'created', 'last used'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin keys list'))

const createCommand = (withBackend: WithBackend): Command =>
  new Command('create')
    .description('Creates an API key and prints {secretId, secretKey}; the secret is shown only this once.')
    .argument('<name>', 'who uses it')
    .requiredOption(
      '--actions <list>',
      "comma list of allowed actions, e.g. ci:CreateMediaJobs; '*' for all",
      commaList,
    )
    .requiredOption('--libraries <list>', "comma list of allowed DnaDbIds; '*' for all", commaList)
    .requiredOption(
      '--buckets <list>',
      "comma list of allowed buckets, the first one its default; '*' for all",
      commaList,
    )
    .option('--region <region>', 'its default region')
    .action((name: string, flags: CreateFlags) =>
      withBackend(async (backend) => say(JSON.stringify(await backend.createKey({ name, ...flags })))),
    )
    .addHelpText(
      'after',
      examples(
        "kinoprint admin keys create uploader --actions ci:CreateMediaJobs,ci:DescribeMediaJob --libraries '*' --buckets films-125",
        "kinoprint admin keys create operator --actions '*' --libraries '*' --buckets '*'",
      ),
    )

const revokeCommand = (withBackend: WithBackend): Command =>
  new Command('revoke')
    .description('Revokes an API key at once.')
    .argument('<SecretId>', 'its id')
    .action((secretId: string) =>
      withBackend(async (backend) => {
        await backend.revokeKey(secretId)
        say(`Revoked key ${secretId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin keys revoke AKID0123…'))

export const keysCommand = (withBackend: WithBackend): Command =>
  new Command('keys')
    .description('Lists, creates and revokes API keys.')
    .addCommand(listCommand(withBackend))
    .addCommand(createCommand(withBackend))
    .addCommand(revokeCommand(withBackend))
    .addHelpText(
      'after',
      examples("kinoprint admin keys create operator --actions '*' --libraries '*' --buckets '*'"),
    )
