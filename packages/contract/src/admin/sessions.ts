import { roles } from '@kinoprint/core'
import { z } from 'zod'
import { exampleIds, INVALID_BODY, isoTime, pageOf, pageQuery, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const signIn = z
  .strictObject({
    token: text(1024).min(1).describe('The admin token.'),
    name: text(128).min(1).optional().describe('Your name, shown beside your decisions.'),
  })
  .meta({ id: 'SignIn', examples: [{ token: 'the-admin-token', name: 'Li' }] })

const session = z
  .object({
    csrf: z
      .string()
      .describe('Send it as X-Kinoprint-Csrf with every request that the cookie authenticates, except GET.'),
    name: z.string().nullable(),
    userId: z.string().nullable().describe('The person; null for the admin token.'),
    role: z.enum(roles),
    expiresAt: isoTime.describe('12 hours after the last request, but at most 7 days after signing in.'),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        csrf: 'b1m0cX3kqv0lT7yQn2bWc9sZr5uJh8dFe1GaP4xY6zA',
        name: 'Li',
        userId: exampleIds.user,
        role: 'reviewer',
        expiresAt: '2026-01-02T15:04:05.678Z',
      },
    ],
  })

const signInMethods = z
  .object({
    token: z.boolean().describe('Whether the admin token signs in. It always does.'),
    oidc: z.boolean().describe('Whether people sign in with OpenID Connect, at /console/oidc/sign-in.'),
  })
  .meta({ id: 'SignInMethods', examples: [{ token: true, oidc: true }] })

const sessionRecord = z
  .object({
    sessionId: z.string(),
    name: z.string().nullable(),
    userId: z.string().nullable().describe('The person; null for the admin token.'),
    role: z.enum(roles),
    address: z.string().describe('The address that signed in.'),
    createdAt: isoTime,
    lastUsedAt: isoTime.describe('Accurate to the minute.'),
    expiresAt: isoTime,
    current: z.boolean().describe('Whether this request uses it.'),
  })
  .meta({
    id: 'SessionRecord',
    examples: [
      {
        sessionId: 's4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c',
        name: 'Li',
        userId: exampleIds.user,
        role: 'reviewer',
        address: '192.0.2.7',
        createdAt: '2026-01-02T03:04:05.678Z',
        lastUsedAt: '2026-01-02T03:04:05.678Z',
        expiresAt: '2026-01-02T15:04:05.678Z',
        current: true,
      },
    ],
  })

/**
 * Sessions of browsers. Players, images and event streams cannot send a bearer token, so signing in sets a cookie that
 * scripts cannot read.
 */
export const sessionRoutes = adminRoutesOf({
  listSignInMethods: {
    method: 'get',
    role: 'public',
    path: '/admin/session/methods',
    summary: 'List the ways to sign in',
    answers: { 200: signInMethods },
  },
  signIn: {
    method: 'post',
    role: 'public',
    path: '/admin/session',
    summary: 'Sign in with the admin token; sets a session cookie',
    body: signIn,
    answers: { 201: session },
    errors: { 400: INVALID_BODY, 401: 'The admin token is wrong.', 429: 'Too many wrong tokens.' },
  },
  getSession: {
    method: 'get',
    role: 'viewer',
    path: '/admin/session',
    summary: 'Show the session of the cookie',
    answers: { 200: session },
    errors: { 404: 'The request used a token, not a session.' },
  },
  signOut: {
    method: 'delete',
    role: 'viewer',
    path: '/admin/session',
    summary: 'Sign out; ends the session and clears the cookie',
    answers: { 204: null },
    errors: { 404: 'The request used a token, not a session.' },
  },
  listSessions: {
    method: 'get',
    role: 'admin',
    path: '/admin/sessions',
    summary: 'List the sessions, most recently used first',
    query: pageQuery,
    answers: { 200: pageOf('SessionPage', sessionRecord) },
  },
  endSession: {
    method: 'delete',
    role: 'admin',
    path: '/admin/sessions/{sessionId}',
    summary: 'End a session',
    answers: { 204: null },
    errors: { 404: 'The session does not exist.' },
  },
})
