import { ruleTypes, storeModes } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { bucketName, exampleIds, id, regionName, text } from './fields.ts'

/** The form of the ids of Tencent Cloud, and of those that are made here. */
const VIDEO_ID = /^dv[0-9a-f]{32}$/

/** A job that the administrator submits. Clients of the compatible API sign theirs with a key. */
export const submitJob = z
  .strictObject({
    ruleType: z.enum(ruleTypes),
    dnaDbId: id,
    bucket: bucketName.optional().describe('Default: the bucket of the setting DEFAULT_BUCKET.'),
    region: regionName.optional().describe('Default: the region of the setting DEFAULT_REGION.'),
    object: text(limits.objectBytesMax).min(1).optional().describe('The object to store or to search with.'),
    videoId: id
      .optional()
      .describe(
        'For GetFingerPrint, the id of the video if it is new, to keep that of another installation: `dv` and 32 hexadecimal digits. For DeleteFingerPrint, the video to delete. For FindSimilarVideo in place of `object`, `bucket` and `region`: a stored video of any library, or the VideoId of an earlier search. Its kept fingerprint is used, so its file may be gone.',
      ),
    jobLevel: z.literal([0, 1, 2]).default(0).describe('Jobs of a higher level run first.'),
    store: z
      .enum(storeModes)
      .optional()
      .describe('For GetFingerPrint: when to store the video. Default: as the library says.'),
    userData: text(limits.userDataCharactersMax).optional(),
  })
  .superRefine((job, context) => {
    const isByVideo =
      job.ruleType === 'DeleteFingerPrint' ||
      (job.ruleType === 'FindSimilarVideo' && job.videoId !== undefined)
    const needed = isByVideo ? 'videoId' : 'object'
    const fail = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (job.store !== undefined && job.ruleType !== 'GetFingerPrint')
      fail('store', `must be absent for ${job.ruleType}`)
    if (job.ruleType === 'GetFingerPrint' && job.videoId !== undefined && !VIDEO_ID.test(job.videoId))
      fail('videoId', 'must be dv and 32 lower-case hexadecimal digits')
    if (job[needed] === undefined) fail(needed, 'is missing')
    for (const field of ['object', 'bucket', 'region'] as const)
      if (isByVideo && job[field] !== undefined)
        fail(field, `must be absent for ${job.ruleType} with a videoId`)
  })
  .meta({
    id: 'SubmitJob',
    examples: [{ ruleType: 'FindSimilarVideo', dnaDbId: exampleIds.library, object: 'uploads/clip.mp4' }],
  })
