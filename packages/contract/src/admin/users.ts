import { roles } from '@kinoprint/core'
import { z } from 'zod'
import { exampleIds, INVALID_BODY, isoTime, nullableTime, pageOf, pageQuery, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const nullableRole = z.enum(roles).nullable()

const user = z
  .object({
    userId: z.string(),
    issuer: z.string().describe('The identity provider.'),
    subject: z.string().describe('The id there.'),
    name: z.string(),
    email: z.string().nullable(),
    role: nullableRole.describe('The given role, otherwise that of the provider. Null: may not sign in.'),
    providerRole: nullableRole.describe('What the provider said at the last sign-in.'),
    givenRole: nullableRole.describe('What an admin set instead.'),
    blockedAt: nullableTime,
    createdAt: isoTime,
    lastSeenAt: isoTime.describe('Accurate to the minute.'),
  })
  .meta({
    id: 'User',
    examples: [
      {
        userId: exampleIds.user,
        issuer: 'https://login.example.com/realms/video',
        subject: '9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0',
        name: 'Li Na',
        email: 'li.na@example.com',
        role: 'operator',
        providerRole: 'reviewer',
        givenRole: 'operator',
        blockedAt: null,
        createdAt: '2026-01-02T03:04:05.678Z',
        lastSeenAt: '2026-01-02T03:04:05.678Z',
      },
    ],
  })

const userChanges = z
  .strictObject({
    givenRole: nullableRole.describe('Null for the role that the provider says.'),
    blocked: z.boolean().describe('Blocking ends all sessions of the person at once.'),
  })
  .partial()
  .meta({ id: 'UserChanges', examples: [{ givenRole: 'operator' }] })

/** The people who signed in with OpenID Connect. */
export const userRoutes = adminRoutesOf({
  listUsers: {
    method: 'get',
    role: 'admin',
    path: '/admin/users',
    summary: 'List the people who signed in, most recently seen first',
    query: pageQuery.extend({ q: text(256).optional().describe('Part of the name or e-mail address.') }),
    answers: { 200: pageOf('UserPage', user) },
  },
  getUser: {
    method: 'get',
    role: 'admin',
    path: '/admin/users/{userId}',
    summary: 'Show a person',
    answers: { 200: user },
    errors: { 404: 'The person does not exist.' },
  },
  updateUser: {
    method: 'patch',
    role: 'admin',
    path: '/admin/users/{userId}',
    summary: 'Give a person another role, or block the person',
    body: userChanges,
    answers: { 200: user },
    errors: {
      400: INVALID_BODY,
      404: 'The person does not exist.',
      409: 'Admins cannot block themselves or give up their own role.',
    },
  },
})
