import { Command, InvalidArgumentError } from 'commander'
import { examples } from '../examples.ts'
import { say, type WithBackend } from './admin-backend.ts'
import { tableText } from './table-text.ts'

const whole = (text: string): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text.trim())) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

type CreateFlags = {
  description?: string
  capacity?: number
  bucket?: string
  region?: string
  minSimilar?: number
  detectOnStore?: boolean
}

const listCommand = (withBackend: WithBackend): Command =>
  new Command('list')
    .description('Lists the libraries.')
    .option('--json', 'print an array', false)
    .action(({ json }: { json: boolean }) =>
      withBackend(async (backend) => {
        const libraries = await backend.listLibraries()
        if (json) return say(JSON.stringify(libraries, null, 2))
        const rows = libraries.map((one) => [
          one.dnaDbId,
          one.name,
          `${one.videoCount}/${one.capacity}`,
          (one.totalSeconds / 3600).toFixed(2),
        ])
        say(tableText(['DnaDbId', 'name', 'videos', 'hours'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin libraries list'))

const createCommand = (withBackend: WithBackend): Command =>
  new Command('create')
    .description('Creates a library and prints its DnaDbId.')
    .argument('<name>', 'how people call it')
    .option('--description <text>', 'what it holds')
    .option('--capacity <videos>', 'how many videos it may hold', whole)
    .option('--bucket <bucket>', 'bucket that /dnadb shows')
    .option('--region <region>', 'region that /dnadb shows')
    .option('--min-similar <percent>', 'hide matches under this similarity, 0 to 100', whole)
    .option('--detect-on-store', 'report what was there already when a video is stored (default)')
    .option('--no-detect-on-store', 'store a video without a search')
    .action((name: string, flags: CreateFlags) =>
      withBackend(async (backend) => say((await backend.createLibrary({ name, ...flags })).dnaDbId)),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin libraries create films',
        'kinoprint admin libraries create adverts --capacity 50000',
      ),
    )

const deleteCommand = (withBackend: WithBackend): Command =>
  new Command('delete')
    .description('Deletes a library. One that holds videos needs --force.')
    .argument('<DnaDbId>', 'its id')
    .option('--force', 'delete its videos with it', false)
    .action((dnaDbId: string, { force }: { force: boolean }) =>
      withBackend(async (backend) => {
        await backend.deleteLibrary(dnaDbId, { force })
        say(`Deleted library ${dnaDbId}.`)
      }),
    )
    .addHelpText('after', examples('kinoprint admin libraries delete Db0123… --force'))

export const librariesCommand = (withBackend: WithBackend): Command =>
  new Command('libraries')
    .description('Lists, creates and deletes libraries.')
    .addCommand(listCommand(withBackend))
    .addCommand(createCommand(withBackend))
    .addCommand(deleteCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin libraries create films'))
