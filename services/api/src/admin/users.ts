import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { scopeOf } from '../http/request-scope.ts'
import type { AdminContext, Answer, ExchangeRequest, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listUsers({ db }: Db, { query }: JsonRequest<'listUsers'>): Answer<'listUsers'> {
  const page = await store.listUsers(db, query)
  return { ...page, items: page.items.map(userBody) }
}

export async function getUser({ db }: Db, { params: { userId } }: JsonRequest<'getUser'>): Answer<'getUser'> {
  return userBody((await store.getUser(db, userId)) ?? missing(userId))
}

/** A role counts from the next request on. Somebody who may no longer sign in is signed out. */
export async function updateUser(
  { db, events }: UserChanges,
  { params: { userId }, body, req }: ExchangeRequest<'updateUser'>,
): Answer<'updateUser'> {
  return changeUser({ db, events }, { userId, body, actorId: scopeOf(req).actor?.id ?? null })
}

type UserChanges = Db & { readonly events: Pick<AdminContext['events'], 'endSession'> }

type UserChange = {
  readonly userId: string
  readonly body: ExchangeRequest<'updateUser'>['body']
  /** The person who changes it; null for the admin token and commands. */
  readonly actorId: string | null
}

/** @throws Fault NotFound, or Conflict for admins who change themselves. */
export async function changeUser(
  { db, events }: UserChanges,
  { userId, body, actorId }: UserChange,
): Answer<'updateUser'> {
  const user = (await store.updateUser(db, userId, body)) ?? missing(userId)
  const maySignIn = user.blockedAt === null && user.role !== null
  if (actorId === userId && !(maySignIn && user.role === 'admin')) {
    const message =
      'You cannot block yourself or give up your own role. Ask another admin, or use the admin token.'
    throw new Fault('Conflict', message)
  }
  if (!maySignIn) for (const ended of await store.deleteSessionsOf(db, userId)) events.endSession(ended)
  return userBody(user)
}

function userBody({ blockedAt, createdAt, lastSeenAt, ...user }: store.User): RouteAnswer<'getUser'> {
  return {
    ...user,
    blockedAt: blockedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }
}

function missing(userId: string): never {
  throw new Fault('NotFound', `Person ${userId} does not exist.`)
}
