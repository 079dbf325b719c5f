import type { RouteAnswer } from '@kinoprint/contract'
import { Fault, type Role, roles } from '@kinoprint/core'
import { Argument, Command } from 'commander'
import { examples } from '../examples.ts'
import { type AdminBackend, listAll, type WithBackend } from './backend.ts'
import { print, printJson, tableText } from './output.ts'

type Person = RouteAnswer<'getUser'>

const PERSON_HELP = 'the id, e-mail address or name of the person'
/** Takes back a given role. */
const FROM_PROVIDER = 'provider'

/** Lists the people who signed in, and changes their roles. */
export function peopleCommand(withBackend: WithBackend): Command {
  return new Command('people')
    .summary('people who sign in, and their roles')
    .description('Lists the people who signed in with OpenID Connect, gives them roles and blocks them.')
    .addCommand(listCommand(withBackend))
    .addCommand(roleCommand(withBackend))
    .addCommand(blockCommand(withBackend))
    .addCommand(unblockCommand(withBackend))
    .addHelpText(
      'after',
      examples('kinoprint admin people list', 'kinoprint admin people role li.na@example.com operator'),
    )
}

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the people who signed in')
    .description('Lists the people who signed in, the most recently seen first.')
    .option('--find <text>', 'only people with this in their name or e-mail address')
    .option('--json', 'print a JSON array', false)
    .action(({ find, json }: { find?: string; json: boolean }) =>
      withBackend(async (backend) => {
        const people = await listAll(({ query }) => backend.listUsers({ query: { ...query, q: find } }))
        if (json) return printJson(people)
        if (people.length === 0)
          return print('There are no people yet. They appear here when they sign in with OpenID Connect.')
        const rows = people.map((person) => [
          ...[person.userId, person.name, person.email ?? '-', stateOf(person)],
          person.lastSeenAt,
        ])
        print(tableText(['UserId', 'name', 'e-mail', 'role', 'last seen'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin people list --find example.com'))
}

function roleCommand(withBackend: WithBackend): Command {
  return new Command('role')
    .summary('give a person a role')
    .description(
      'Gives a person a role in place of that of the identity provider. It counts from the next request on.',
    )
    .argument('<person>', PERSON_HELP)
    .addArgument(
      new Argument('<role>', `a role, or ${FROM_PROVIDER} for that of the identity provider`).choices([
        ...roles,
        FROM_PROVIDER,
      ]),
    )
    .action((name: string, role: Role | typeof FROM_PROVIDER) =>
      change(withBackend, name, { givenRole: role === FROM_PROVIDER ? null : role }),
    )
    .addHelpText(
      'after',
      examples(
        "kinoprint admin people role 'Li Na' admin",
        'kinoprint admin people role li.na@example.com provider',
      ),
    )
}

function blockCommand(withBackend: WithBackend): Command {
  return new Command('block')
    .summary('block a person')
    .description('Ends all sessions of a person at once and refuses new ones.')
    .argument('<person>', PERSON_HELP)
    .action((name: string) => change(withBackend, name, { blocked: true }))
    .addHelpText('after', examples('kinoprint admin people block li.na@example.com'))
}

function unblockCommand(withBackend: WithBackend): Command {
  return new Command('unblock')
    .summary('let a blocked person sign in again')
    .description('Lets a blocked person sign in again.')
    .argument('<person>', PERSON_HELP)
    .action((name: string) => change(withBackend, name, { blocked: false }))
    .addHelpText('after', examples('kinoprint admin people unblock li.na@example.com'))
}

type Changes = Parameters<AdminBackend['updateUser']>[0]['body']

function change(withBackend: WithBackend, name: string, body: Changes): Promise<void> {
  return withBackend(async (backend) => {
    const { userId } = await findPerson(backend, name)
    const person = await backend.updateUser({ params: { userId }, body })
    print(`${person.name}: ${stateOf(person)}.`)
  })
}

function stateOf({ blockedAt, role, givenRole }: Person): string {
  if (blockedAt !== null) return 'blocked'
  if (role === null) return 'no role'
  return givenRole === null ? role : `${role} (given here)`
}

/** @throws Fault NotFound, or Conflict if several people have the name. */
async function findPerson(backend: AdminBackend, name: string): Promise<Person> {
  const people = await listAll(({ query }) => backend.listUsers({ query }))
  const found = people.filter(({ userId, email, name: own }) => [userId, email, own].includes(name))
  const [person] = found
  if (person === undefined)
    throw new Fault('NotFound', `Person ${name} does not exist. See: kinoprint admin people list`)
  if (found.length > 1) {
    const ids = found.map(({ userId }) => userId).join(', ')
    throw new Fault('Conflict', `${found.length} people are called ${name}. Use an id: ${ids}`)
  }
  return person
}
