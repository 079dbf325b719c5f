import { Command, InvalidArgumentError } from 'commander'
import { examples } from '../examples.ts'
import { type AdminBackend, listAll, type WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { commaList } from './parse-option.ts'

type Callback = Awaited<ReturnType<AdminBackend['getMatchCallback']>>
type Event = Callback['events'][number]

const eventNames: readonly Event[] = ['MatchFound', 'MatchDecided', 'LibraryFull', 'PassageHeld']

function events(text: string): Event[] {
  return commaList(text).map((name) => {
    const found = eventNames.find((event) => event.toLowerCase() === name.toLowerCase())
    if (found === undefined) throw new InvalidArgumentError(`Choose from ${eventNames.join(', ')}.`)
    return found
  })
}

/** A command for one library, which is its only argument besides those that `more` adds. */
function forLibrary(name: string): Command {
  return new Command(name).requiredOption('--library <library>', LIBRARY_HELP)
}

async function paramsOf(backend: AdminBackend, library: string): Promise<{ dnaDbId: string }> {
  const { dnaDbId } = await findLibrary(backend, library)
  return { dnaDbId }
}

function getCommand(withBackend: WithBackend): Command {
  return forLibrary('get')
    .summary('print where a library reports its matches')
    .description('Prints where a library reports its matches, as JSON: {url, events, secretId}.')
    .action(({ library }: { library: string }) =>
      withBackend(async (backend) => {
        printJson(await backend.getMatchCallback({ params: await paramsOf(backend, library) }))
      }),
    )
    .addHelpText('after', examples('kinoprint admin match-callback get --library films'))
}

function setCommand(withBackend: WithBackend): Command {
  return forLibrary('set')
    .summary('report the matches of a library to an address')
    .description('Reports what happens in a library to an address, from now on.')
    .argument('<url>', 'an http or https address')
    .option('--events <list>', `comma-separated events: ${eventNames.join(', ')}`, events, [
      'MatchFound',
      'MatchDecided',
    ])
    .option('--key <SecretId>', 'the API key whose secret signs the callbacks')
    .action(
      (url: string, { library, events: chosen, key }: { library: string; events: Event[]; key?: string }) =>
        withBackend(async (backend) => {
          const body = { url, events: chosen, secretId: key ?? null }
          await backend.setMatchCallback({ params: await paramsOf(backend, library), body })
          print(`Library ${library} reports ${chosen.join(', ')} to ${url}.`)
        }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin match-callback set https://hooks.example.com/matches --library films',
        'kinoprint admin match-callback set https://hooks.example.com/matches --library films --events MatchFound,LibraryFull --key AKID0123…',
      ),
    )
}

function deleteCommand(withBackend: WithBackend): Command {
  return forLibrary('delete')
    .summary('stop reporting the matches of a library')
    .description('Stops reporting the matches of a library.')
    .action(({ library }: { library: string }) =>
      withBackend(async (backend) => {
        await backend.deleteMatchCallback({ params: await paramsOf(backend, library) })
        print(`Library ${library} reports nothing.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin match-callback delete --library films'))
}

function testCommand(withBackend: WithBackend): Command {
  return forLibrary('test')
    .summary('send one callback with a made-up match')
    .description(
      'Sends one callback with a made-up match, signed like the real ones, to the address of a library. The exit code is 1 if it was not delivered.',
    )
    .option('--url <url>', 'send it to this address instead')
    .action(({ library, url }: { library: string; url?: string }) =>
      withBackend(async (backend) => {
        const params = await paramsOf(backend, library)
        const sent = await backend.testMatchCallback({ params, body: { url } })
        const status = sent.httpStatus === null ? '' : ` with status ${sent.httpStatus}`
        const signed = sent.signed ? 'signed' : 'unsigned'
        if (sent.delivered)
          return print(`Delivered to ${sent.url}${status} in ${sent.seconds.toFixed(1)} s, ${signed}.`)
        process.exitCode = 1
        process.stderr.write(`Not delivered to ${sent.url}: ${sent.error}\n`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin match-callback test --library films'))
}

function deliveriesCommand(withBackend: WithBackend): Command {
  return forLibrary('deliveries')
    .summary('list the callbacks about a library')
    .description('Lists the callbacks about the matches of a library, newest first.')
    .option('--json', 'print a JSON array', false)
    .action(({ library, json }: { library: string; json: boolean }) =>
      withBackend(async (backend) => {
        const params = await paramsOf(backend, library)
        const deliveries = await listAll(({ query }) => backend.listMatchDeliveries({ params, query }))
        if (json) return printJson(deliveries)
        const rows = deliveries.map(({ deliveryId, status, attempts, createdAt, lastError }) => {
          return [deliveryId, status, attempts, createdAt, lastError ?? '']
        })
        print(tableText(['DeliveryId', 'state', 'attempts', 'created', 'error'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin match-callback deliveries --library films'))
}

export function matchCallbackCommand(withBackend: WithBackend): Command {
  return new Command('match-callback')
    .summary('show, set and test where a library reports its matches')
    .description('Shows, sets, deletes and tests where a library reports its matches.')
    .addCommand(getCommand(withBackend))
    .addCommand(setCommand(withBackend))
    .addCommand(deleteCommand(withBackend))
    .addCommand(testCommand(withBackend))
    .addCommand(deliveriesCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin match-callback test --library films'))
}
