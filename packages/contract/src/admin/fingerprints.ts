import { storeModes } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { bucketName, id, regionName, text } from './fields.ts'
import { job } from './jobs.ts'
import { adminRoutesOf } from './route.ts'

const target = {
  object: text(limits.objectBytesMax)
    .min(1)
    .optional()
    .describe('What to call it. Default: the name in the file, with `.kfp` at its end.'),
  bucket: bucketName.optional().describe('Default: the bucket of the setting DEFAULT_BUCKET.'),
  region: regionName.optional().describe('Default: the region of the setting DEFAULT_REGION.'),
  jobLevel: z.coerce
    .number()
    .int()
    .min(0)
    .max(limits.jobLevelMax)
    .default(0)
    .describe('Jobs of a higher level run first.'),
  userData: text(limits.userDataCharactersMax).optional(),
}

const errors = {
  400: 'The body is neither a fingerprint file nor a vPDQ hash, is damaged, or has a newer version.',
  403: 'The queue is full.',
  404: 'The library does not exist.',
  413: 'The file is too large.',
} as const
const body = { bytes: 'application/octet-stream' } as const

/** Fingerprint files (docs/fingerprint-files.md): the video itself stays with its owner. */
export const fingerprintRoutes = adminRoutesOf({
  getFingerprint: {
    method: 'get',
    role: 'viewer',
    path: '/admin/libraries/{dnaDbId}/videos/{videoId}/fingerprint',
    summary: 'Download the fingerprint of a video',
    query: z.object({
      format: z
        .enum(['kfp', 'vpdq', 'vpdq-text'])
        .default('kfp')
        .describe('A fingerprint file, or a vPDQ hash as JSON for HMA or as text for the tools in C++.'),
    }),
    answers: { 200: body },
    errors: { 404: 'The library holds no such video.' },
  },
  storeFingerprint: {
    method: 'post',
    role: 'operator',
    path: '/admin/libraries/{dnaDbId}/fingerprints',
    summary:
      'Submit a job that stores a fingerprint file or a vPDQ hash, sent as the request body, in a library',
    query: z.object({
      ...target,
      store: z.enum(storeModes).optional().describe('When to store it. Default: as the library says.'),
    }),
    body,
    answers: { 201: job },
    errors,
  },
  searchFingerprint: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/search',
    summary:
      'Submit a job that searches a library with a fingerprint file or a vPDQ hash, sent as the request body',
    query: z.object({ dnaDbId: id.describe('The library to search.'), ...target }),
    body,
    answers: { 201: job },
    errors,
  },
})
