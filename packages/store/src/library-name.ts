import { Fault } from '@kinoprint/core'
import type { PoolClient } from 'pg'

/** Class of the advisory locks on names: "Name" in ASCII. */
const LOCK_SPACE = 0x4e616d65

/**
 * Throws Fault Conflict if another library has this name. Locks the name until the transaction ends, so that only one of
 * several concurrent calls gets it. There is no unique index because callers may allow a name twice.
 */
export async function claimLibraryName(
  client: PoolClient,
  { name, dnaDbId }: { readonly name: string; readonly dnaDbId?: string },
): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_SPACE, name])
  const { rows } = await client.query<{ dnaDbId: string }>(
    `select dna_db_id as "dnaDbId" from libraries where name = $1 and dna_db_id is distinct from $2
     order by number limit 1`,
    [name, dnaDbId ?? null],
  )
  if (rows[0] === undefined) return
  throw new Fault(
    'Conflict',
    `Library ${rows[0].dnaDbId} already has the name ${JSON.stringify(name)}. Use that library or choose another name.`,
  )
}
