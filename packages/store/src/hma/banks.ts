import { Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { createLibrary, deleteLibrary, updateLibrary } from '../libraries.ts'

/** A library as clients of Hasher-Matcher-Actioner see it. */
export type Bank = {
  readonly dnaDbId: string
  readonly name: string
  /** The share of lookups in which it takes part, 0 to 1. */
  readonly enabledRatio: number
  /** Whether such a client created it. */
  readonly isOwn: boolean
}

const BANKS = `select l.dna_db_id as "dnaDbId", l.name, coalesce(b.enabled_ratio, 1) as "enabledRatio",
    coalesce(b.is_own, false) as "isOwn"
  from libraries l left join hma_banks b using (dna_db_id)`
/** More libraries than any installation has. */
const MOST = 10_000

/** Every library, oldest first. */
export async function listBanks(db: Database): Promise<Bank[]> {
  return (await db.pool.query<Bank>(`${BANKS} order by l.number limit ${MOST}`)).rows
}

/** The oldest library of this name, or null. */
export async function findBank(db: Database, name: string): Promise<Bank | null> {
  const { rows } = await db.pool.query<Bank>(`${BANKS} where l.name = $1 order by l.number limit 1`, [name])
  return rows[0] ?? null
}

export type NewBank = Pick<Bank, 'name' | 'enabledRatio'> & {
  readonly bucket: string
  readonly region: string
}

/** Creates a library that the client may rename and delete. Throws Fault Conflict if the name is taken. */
export async function createBank(db: Database, { enabledRatio, ...library }: NewBank): Promise<Bank> {
  const { dnaDbId, name } = await createLibrary(db, { ...library, nameMustBeUnique: true })
  await db.pool.query('insert into hma_banks (dna_db_id, enabled_ratio, is_own) values ($1, $2, true)', [
    dnaDbId,
    enabledRatio,
  ])
  return { dnaDbId, name, enabledRatio, isOwn: true }
}

/** Changes the fields that are present. Throws Fault AccessDenied to rename a library that was created otherwise. */
export async function updateBank(
  db: Database,
  bank: Bank,
  { name, enabledRatio = bank.enabledRatio }: Partial<Pick<Bank, 'name' | 'enabledRatio'>>,
): Promise<Bank> {
  const { dnaDbId } = bank
  if (name !== undefined && name !== bank.name) {
    requireOwn(bank)
    await updateLibrary(db, dnaDbId, { name, nameMustBeUnique: true })
  }
  await db.pool.query(
    `insert into hma_banks (dna_db_id, enabled_ratio) values ($1, $2)
     on conflict (dna_db_id) do update set enabled_ratio = excluded.enabled_ratio`,
    [dnaDbId, enabledRatio],
  )
  return { ...bank, name: name ?? bank.name, enabledRatio }
}

/**
 * Deletes a library with its videos, and returns their ids. Throws Fault AccessDenied for a library that was created
 * otherwise.
 */
export async function deleteBank(db: Database, bank: Bank): Promise<readonly string[]> {
  requireOwn(bank)
  return (await deleteLibrary(db, bank.dnaDbId, { force: true })) ?? []
}

function requireOwn({ name, isOwn }: Bank): void {
  if (isOwn) return
  throw new Fault(
    'AccessDenied',
    `Library ${name} was not created through this API. Rename or delete it with the admin API.`,
  )
}
