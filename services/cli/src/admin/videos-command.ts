import { Fault } from '@kinoprint/core'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { findLibrary, LIBRARY_HELP } from './find-library.ts'
import { print, printJson, tableText } from './output.ts'
import { addCommand, importVideosCommand } from './videos-import-commands.ts'

type ListFlags = { library: string; text?: string; object?: string; seconds?: string; json: boolean }

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the videos of a library')
    .description('Lists the videos of a library, newest first.')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--text <text>', 'only objects whose name contains this, in any case')
    .option('--object <name>', 'only the video of exactly this object')
    .option('--seconds <range>', 'only videos from this length, or in a range such as 60-600')
    .option('--json', 'print a JSON array', false)
    .action(({ library, text, object, seconds, json }: ListFlags) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        const videos = await listAll(({ query }) =>
          backend.listVideos({ params: { dnaDbId }, query: { ...query, q: text, object, seconds } }),
        )
        if (json) return printJson(videos)
        const rows = videos.map(
          ({ videoId, durationSeconds, width, height, createdAt, bucket, object: name }) => {
            return [videoId, durationSeconds.toFixed(1), `${width}x${height}`, createdAt, `${bucket}/${name}`]
          },
        )
        print(tableText(['VideoId', 'seconds', 'size', 'stored', 'object'], rows))
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin videos list --library films',
        'kinoprint admin videos list --library films --text trailer --json',
      ),
    )
}

type DeleteFlags = { library: string; object?: string }

function deleteCommand(withBackend: WithBackend): Command {
  return new Command('delete')
    .summary('delete videos from a library')
    .description('Deletes videos from a library. Their objects are kept.')
    .argument('[VideoId...]', 'the ids of videos')
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--object <name>', 'delete the video of this object')
    .action((videoIds: string[], { library, object }: DeleteFlags) =>
      withBackend(async (backend) => {
        const { dnaDbId } = await findLibrary(backend, library)
        const named = object === undefined ? [] : await videosOf(backend, { dnaDbId, object })
        if (videoIds.length + named.length === 0)
          throw new Fault('InvalidArgument', 'Name a video by its VideoId, or give --object.')
        for (const videoId of [...videoIds, ...named]) {
          await backend.deleteVideo({ params: { dnaDbId, videoId } })
          print(`Deleted video ${videoId}.`)
        }
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin videos delete --library films dv0123…',
        'kinoprint admin videos delete --library films --object a/film.mp4',
      ),
    )
}

async function videosOf(
  backend: Parameters<Parameters<WithBackend>[0]>[0],
  { dnaDbId, object }: { readonly dnaDbId: string; readonly object: string },
): Promise<string[]> {
  const { items } = await backend.listVideos({ params: { dnaDbId }, query: { object, pageSize: 100 } })
  if (items.length === 0) throw new Fault('NotFound', `The library has no video of the object ${object}.`)
  if (items.length > 1) {
    const found = items.map(({ videoId, bucket }) => `${videoId} (${bucket})`).join(', ')
    throw new Fault('InvalidArgument', `Objects of several buckets have this name. Use a VideoId: ${found}.`)
  }
  return items.map(({ videoId }) => videoId)
}

export function videosCommand(withBackend: WithBackend): Command {
  return new Command('videos')
    .summary('list, add, import and delete videos')
    .description('Lists, adds, imports and deletes the videos of a library.')
    .addCommand(listCommand(withBackend))
    .addCommand(addCommand(withBackend))
    .addCommand(importVideosCommand(withBackend))
    .addCommand(deleteCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin videos add --library films film.mp4'))
}
