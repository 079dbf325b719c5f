import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listShards({ db }: Db): Answer<'listShards'> {
  const { shards, move, ...map } = await store.readShardMap(db)
  return {
    ...map,
    shards: shards.map((shard) => ({ ...shard, addedAt: shard.addedAt.toISOString() })),
    move: move && {
      ...move,
      startedAt: move.startedAt.toISOString(),
      endedAt: move.endedAt?.toISOString() ?? null,
    },
  }
}

export async function addShard({ db }: Db, { body }: JsonRequest<'addShard'>): Answer<'addShard'> {
  await store.addShard(db, body.name)
  return listShards({ db })
}

export async function removeShard({ db }: Db, { params }: JsonRequest<'removeShard'>): Answer<'removeShard'> {
  await store.removeShard(db, params.name)
}

export async function moveToShards(
  { db }: Db,
  { body }: JsonRequest<'moveToShards'>,
): Answer<'moveToShards'> {
  await store.startMove(db, body)
  return listShards({ db })
}

export async function checkShards({ db }: Db): Answer<'checkShards'> {
  const items: store.ShardReport[] = []
  for (const name of await store.listShardNames(db)) items.push(await store.checkShard(db, name))
  return { items }
}
