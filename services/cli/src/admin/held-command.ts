import { Command } from 'commander'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { LIBRARY_HELP, libraryIdOf } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the passages that are held back')
    .description('Lists the passages that suddenly matched everything and are held back, newest first.')
    .option('--library <library>', LIBRARY_HELP)
    .option('--json', 'print a JSON array', false)
    .action(({ library, json }: { library?: string; json: boolean }) =>
      withBackend(async (backend) => {
        const dnaDbId = await libraryIdOf(backend, library)
        const held = await listAll(({ query }) =>
          backend.listHeldPassages({ query: { ...query, library: dnaDbId } }),
        )
        if (json) return printJson(held)
        const rows = held.map(({ heldId, libraryName, object, start, end, matches, createdAt }) => [
          ...[heldId, libraryName, object, `${start.toFixed(1)}-${end.toFixed(1)} s`, matches, createdAt],
        ])
        print(tableText(['HeldId', 'library', 'object', 'passage', 'matches', 'held since'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin held list --library films'))
}

function releaseCommand(withBackend: WithBackend): Command {
  return new Command('release')
    .summary('release a held passage')
    .description(
      'Releases a held passage. Its matches count again, and only as many new ones hold it back again.',
    )
    .argument('<HeldId>', 'the id of the held passage')
    .option('--exempt', 'never hold a passage of this video back again', false)
    .action((heldId: string, { exempt }: { exempt: boolean }) =>
      withBackend(async (backend) => {
        await backend.releasePassage({ params: { heldId }, body: { exempt } })
        print(`Released ${heldId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin held release hp0123… --exempt'))
}

function ignoreCommand(withBackend: WithBackend): Command {
  return new Command('ignore')
    .summary('ignore a held passage everywhere')
    .description(
      'Ignores a held passage wherever videos of its library show it. See kinoprint admin ignored.',
    )
    .argument('<HeldId>', 'the id of the held passage')
    .option('--note <text>', 'why it is ignored')
    .action((heldId: string, { note }: { note?: string }) =>
      withBackend(async (backend) => {
        const { ignoredId } = await backend.ignoreHeldPassage({ params: { heldId }, body: { note } })
        print(`Ignored as ${ignoredId}.`)
      }),
    )
    .addHelpText('after', examples("kinoprint admin held ignore hp0123… --note 'ident of 2025'"))
}

/** Passages that the flood guard holds back. */
export function heldCommand(withBackend: WithBackend): Command {
  return new Command('held')
    .summary('passages that are held back because everything matches them')
    .description(
      'Lists, releases and ignores passages that are held back, because too many videos matched them.',
    )
    .addCommand(listCommand(withBackend))
    .addCommand(releaseCommand(withBackend))
    .addCommand(ignoreCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin held list', 'kinoprint admin held release hp0…'))
}
