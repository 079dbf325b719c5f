import { type StoreDetail, type StoreMode, storeDetails, storeModes } from '@kinoprint/core'
import { Command, Option } from 'commander'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { wholeNumber } from './parse-option.ts'
import { policyCommand } from './policy-command.ts'

type LibraryFlags = {
  description?: string
  capacity?: number
  bucket?: string
  region?: string
  minSimilar?: number
  detectOnStore?: boolean
  suppressDismissed?: boolean
  floodGuard?: boolean
  storeDetail?: StoreDetail
  store?: StoreMode
}

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the libraries')
    .description('Lists the libraries.')
    .option('--json', 'print a JSON array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const libraries = await listAll(backend.listLibraries)
        if (json) return printJson(libraries)
        const rows = libraries.map((library) => [
          library.dnaDbId,
          library.name,
          `${library.videoCount}/${library.capacity}`,
          (library.totalSeconds / 3600).toFixed(2),
        ])
        print(tableText(['DnaDbId', 'name', 'videos', 'hours'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin libraries list'))
}

function withSettings(command: Command): Command {
  return command
    .option('--description <text>', 'a description of the library')
    .option('--capacity <videos>', 'maximum number of videos', wholeNumber)
    .option('--bucket <bucket>', 'bucket shown by /dnadb')
    .option('--region <region>', 'region shown by /dnadb')
    .option('--min-similar <percent>', 'hide matches below this similarity, 0 to 100', wholeNumber)
    .option('--detect-on-store', 'when storing a video, report the library videos that it matches (default)')
    .option('--no-detect-on-store', 'store videos without searching the library')
    .option('--suppress-dismissed', 'leave dismissed pairs out of later results')
    .option('--no-suppress-dismissed', 'report dismissed pairs again (default)')
    .option('--flood-guard', 'hold back passages that many queries suddenly match (default)')
    .option('--no-flood-guard', 'never hold passages of this library back')
    .addOption(
      new Option(
        '--store <mode>',
        'which videos to store: all, those that match no stored one, or none',
      ).choices([...storeModes]),
    )
    .addOption(
      new Option('--store-detail <detail>', 'how much to store of each new video').choices([...storeDetails]),
    )
}

function createCommand(withBackend: WithBackend): Command {
  return withSettings(new Command('create'))
    .summary('create a library and print its DnaDbId')
    .description('Creates a library and prints its DnaDbId.')
    .argument('<name>', 'the name of the library')
    .option('--id <DnaDbId>', 'the id of the library, such as one of Tencent Cloud (default: a new id)')
    .action((name: string, { id, ...flags }: LibraryFlags & { id?: string }) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await backend.createLibrary({ body: { dnaDbId: id, name, ...flags } })
        print(dnaDbId)
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin libraries create films',
        'kinoprint admin libraries create adverts --capacity 50000',
        'kinoprint admin libraries create films --id Db0123…',
        'kinoprint admin libraries create archive --store-detail keyframes',
      ),
    )
}

function updateCommand(withBackend: WithBackend): Command {
  return withSettings(new Command('update'))
    .summary('change a library')
    .description('Changes the given settings of a library. They apply to what is stored from now on.')
    .argument('<library>', LIBRARY_HELP)
    .option('--name <name>', 'a new name')
    .action((library: string, changes: LibraryFlags & { name?: string }) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        await backend.updateLibrary({ params: { dnaDbId }, body: changes })
        print(`Changed library ${dnaDbId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin libraries update films --store-detail keyframes'))
}

function deleteCommand(withBackend: WithBackend): Command {
  return new Command('delete')
    .summary('delete a library')
    .description('Deletes a library. A library with videos needs --force.')
    .argument('<library>', LIBRARY_HELP)
    .option('--force', 'also delete its videos', false)
    .action((library: string, { force }: { force: boolean }) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        await backend.deleteLibrary({ params: { dnaDbId }, query: { force } })
        print(`Deleted library ${dnaDbId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin libraries delete films --force'))
}

export function librariesCommand(withBackend: WithBackend): Command {
  return new Command('libraries')
    .summary('list, create, change and delete libraries')
    .description('Lists, creates, changes and deletes libraries.')
    .addCommand(listCommand(withBackend))
    .addCommand(createCommand(withBackend))
    .addCommand(updateCommand(withBackend))
    .addCommand(policyCommand(withBackend))
    .addCommand(deleteCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin libraries create films'))
}
