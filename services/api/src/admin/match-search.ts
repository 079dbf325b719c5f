import { Fault, videoIdOfJob } from '@kinoprint/core'
import { getMatches, readMatchFiles, requestWholeQuery } from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'
import { fileOf } from './match-files.ts'
import { submitJob } from './submit-job.ts'

type Context = Pick<AdminContext, 'db' | 'queue' | 'log' | 'objects' | 'settings'>

/** Searches again with the query of a match: with its file, or with its kept fingerprint if the file is gone. */
export async function searchMatchAgain(
  context: Context,
  request: JsonRequest<'searchMatchAgain'>,
): Answer<'searchMatchAgain'> {
  const { db } = context
  const { matchId } = request.params
  const [match] = await getMatches(db, [matchId])
  if (match === undefined) throw new Fault('NotFound', `Match ${matchId} does not exist.`)
  const { library, query } = match
  const { dnaDbId } = library
  if (library.name === null)
    throw new Fault('Conflict', 'The library of the match has been deleted, so nothing can be searched.')
  const submit = (source: { bucket: string; object: string } | { videoId: string }) =>
    submitJob(context, {
      ...request,
      params: {},
      body: { ruleType: 'FindSimilarVideo', dnaDbId, jobLevel: 0, ...source },
    })
  const { state } = await fileOf(context.objects, query)
  if (state === 'there' || state === 'unknown') {
    if (request.body.whole) await requestWholeQuery(db, query.etag)
    return submit({ bucket: query.bucket, object: query.object })
  }
  if (request.body.whole)
    throw new Fault('Conflict', 'The file of the query is gone, so it cannot be read. Upload it again.')
  if (!(await readMatchFiles(db, matchId))?.isQueryKept && query.videoId === null)
    throw new Fault('Conflict', 'Neither the file of the query nor its fingerprint is kept. Upload it again.')
  return submit({ videoId: query.videoId ?? videoIdOfJob(query.jobId) })
}
