import { Command } from 'commander'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { print, printJson, tableText } from './output.ts'
import { commaList } from './parse-option.ts'

type CreateFlags = { actions: string[]; libraries: string[]; buckets: string[]; region?: string }

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the API keys')
    .description('Lists the API keys, without their secrets.')
    .option('--json', 'print a JSON array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const keys = await listAll(backend.listKeys)
        if (json) return printJson(keys)
        const rows = keys.map((key) => [key.secretId, key.name, key.createdAt, key.lastUsedAt ?? 'never'])
        print(tableText(['SecretId', 'name', 'created', 'last used'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin keys list'))
}

function createCommand(withBackend: WithBackend): Command {
  return new Command('create')
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
    .action((name: string, flags: CreateFlags) =>
      withBackend(async (backend) => {
        print(JSON.stringify(await backend.createKey({ body: { name, ...flags } })))
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
    .summary('list, create and revoke API keys')
    .description('Lists, creates and revokes API keys.')
    .addCommand(listCommand(withBackend))
    .addCommand(createCommand(withBackend))
    .addCommand(revokeCommand(withBackend))
    .addHelpText(
      'after',
      examples("kinoprint admin keys create operator --actions '*' --libraries '*' --buckets '*'"),
    )
}
