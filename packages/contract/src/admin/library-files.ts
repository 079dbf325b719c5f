import { z } from 'zod'
import { count, queryFlag } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const importReport = z
  .object({
    videos: count.describe('Videos of the file.'),
    stored: count.describe('Videos that the library did not have.'),
    unchanged: count.describe('Videos that it has with the same content.'),
    replaced: count.describe('Videos that it had with other content, with `replace`.'),
    kept: count.describe('Videos that it has with other content, which stay.'),
  })
  .meta({
    id: 'ImportReport',
    examples: [{ videos: 1204, stored: 1200, unchanged: 4, replaced: 0, kept: 0 }],
  })

const MISSING = 'The library does not exist.'
const bytes = { bytes: 'application/octet-stream' } as const

/** Whole libraries as files (docs/fingerprint-files.md). */
export const libraryFileRoutes = adminRoutesOf({
  exportLibrary: {
    method: 'get',
    role: 'operator',
    path: '/admin/libraries/{dnaDbId}/export',
    summary: 'Download a library with its fingerprints as one file',
    query: z.object({
      resume: z
        .string()
        .max(4096)
        .optional()
        .describe('Where an export goes on that broke off; `kinoprint admin export` writes it.'),
    }),
    answers: { 200: bytes },
    errors: { 400: 'resume is not a point of an export.', 404: MISSING },
  },
  importLibrary: {
    method: 'post',
    role: 'operator',
    path: '/admin/libraries/{dnaDbId}/import',
    summary: 'Add the videos of a library file, sent as the request body, without their files',
    query: z.object({
      replace: queryFlag.describe('Replace videos of the same name that have other content.'),
    }),
    body: bytes,
    answers: { 200: importReport },
    errors: {
      400: 'The body is not a library file, or is damaged. The videos before the damage are stored.',
      404: MISSING,
      409: 'The library is full. The videos before that are stored.',
      501: 'This server cannot import.',
    },
  },
})
