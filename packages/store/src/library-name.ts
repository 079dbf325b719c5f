import { Fault } from '@kinoprint/core'
import type { PoolClient } from 'pg'

/** Space of the advisory locks on names: "Name" in ASCII. */
const LOCK_SPACE = 0x4e616d65

/**
 * Throws Fault Conflict where another library has this name. Holds a lock on the name until the transaction ends, so
 * that of two who ask for it at once one is refused. A unique index would be refused itself by older databases,
 * which may hold a name twice.
 */
export const claimLibraryName = async (
  client: PoolClient,
  { name, dnaDbId }: { readonly name: string; readonly dnaDbId?: string },
): Promise<void> => {
  await client.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_SPACE, name])
  const { rows } = await client.query<{ dnaDbId: string }>(
    `select dna_db_id as "dnaDbId" from libraries where name = $1 and dna_db_id is distinct from $2
     order by number limit 1`,
    [name, dnaDbId ?? null],
  )
  if (rows[0] === undefined) return
  const message = `Library ${rows[0].dnaDbId} has the name ${JSON.stringify(name)} already. Use that library, or choose another name.`
  throw new Fault('Conflict', message)
}
