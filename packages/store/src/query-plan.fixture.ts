import type { Database } from './database.ts'
import type { Statement } from './statement.ts'

type Plan = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
}

/**
 * Returns the number of rows of a table that the statement reads. Throws if it does not read the table, or reads it
 * without an index.
 */
export async function rowsRead(db: Database, { text, values }: Statement, table: string): Promise<number> {
  const { rows } = await db.pool.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
    `explain (analyze, format json) ${text}`,
    [...values],
  )
  const nodes = (rows[0]?.['QUERY PLAN'] ?? []).flatMap(({ Plan: plan }) => nodesOf(plan))
  const ofTable = nodes.filter((node) => node['Relation Name'] === table)
  if (ofTable.length === 0) throw new Error(`The statement does not read ${table}.`)
  if (ofTable.some((node) => node['Node Type'] === 'Seq Scan')) {
    throw new Error(`The statement reads ${table} without an index.`)
  }
  return ofTable.reduce(
    (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    0,
  )
}
