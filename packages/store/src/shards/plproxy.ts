import { errorCode, Fault } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { transaction } from '../transaction.ts'
import { SHARDS_SETTING } from './ask-shards.ts'

/** Seconds for an answer of a shard, below the 30 s that this program waits for a statement. */
const QUERY_TIMEOUT_SECONDS = 25
const CONNECT_TIMEOUT_SECONDS = 2

/**
 * The functions that ask shards. The name of a PL/Proxy cluster is the list of its shards, so a search can leave out those
 * that are away. Their connections come from a setting of the session. Source: PL/Proxy, "Cluster configuration API".
 */
const FUNCTIONS = `
create schema if not exists plproxy;
create or replace function plproxy.get_cluster_version(cluster_name text) returns int language sql as 'select 1';
create or replace function plproxy.get_cluster_config(in cluster_name text, out key text, out val text)
returns setof record language sql as
  $$ values ('modular_mapping', '1'), ('query_timeout', '${QUERY_TIMEOUT_SECONDS}') $$;
create or replace function plproxy.get_cluster_partitions(cluster_name text) returns setof text language sql as $$
  select current_setting('${SHARDS_SETTING}')::jsonb ->> name
  from unnest(string_to_array(cluster_name, ',')) with ordinality as given (name, number) order by number
$$;
create or replace function kinoprint.shard_cluster(shards text) returns text language sql immutable as 'select shards';
create or replace function kinoprint.ask_shards(
  shards text, statement text, hashes bit(256)[], row_limit int, first_keys int[], key_width int, keys_per_hash int
) returns table (query int, fingerprint_id bigint, time_ms int, distance float8) language plproxy as $$
  cluster kinoprint.shard_cluster(shards);
  run on all;
  select * from kinoprint.ask_shard(statement, hashes, row_limit, first_keys, key_width, keys_per_hash);
$$`

/**
 * Installs the functions that ask shards through PL/Proxy in the primary.
 *
 * @throws Fault Conflict if the server lacks the extension, or the user may not install it.
 */
export async function installPlproxy(db: Database): Promise<void> {
  await transaction(db, async (client) => {
    await createExtension(client)
    await client.query(FUNCTIONS).catch((cause: unknown) => {
      throw errorCode(cause) === '42501' ? notAllowed(cause) : cause
    })
  })
}

async function createExtension(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ version: number; available: boolean; installed: boolean }>(
    `select current_setting('server_version_num')::int / 10000 as version,
       exists (select from pg_available_extensions where name = 'plproxy') as available,
       exists (select from pg_extension where extname = 'plproxy') as installed`,
  )
  const { version = 0, available = false, installed = false } = rows[0] ?? {}
  if (installed) return
  if (!available)
    throw new Fault(
      'Conflict',
      `The primary lacks the extension PL/Proxy. Install it there: apt-get install postgresql-${version}-plproxy`,
    )
  await client.query('create extension plproxy').catch((cause: unknown) => {
    throw errorCode(cause) === '42501' ? notAllowed(cause) : cause
  })
}

function notAllowed(cause: unknown): Fault {
  const remedy =
    "create extension if not exists plproxy; update pg_language set lanpltrusted = true where lanname = 'plproxy'"
  const message = `The database user may not use PL/Proxy. Run this in the primary as a superuser, then try again: ${remedy}`
  return new Fault('Conflict', message, { cause })
}

/** The setting of each session of the primary and of its replicas from which PL/Proxy takes its connections. */
export function shardSessionSettings(urls: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  if (urls.size === 0) return {}
  const connections = [...urls].map(([name, url]) => [name, connectionString(url)])
  return { [SHARDS_SETTING]: JSON.stringify(Object.fromEntries(connections)) }
}

/** A URL as a connection string of libpq. PL/Proxy takes no URLs. */
export function connectionString(url: string): string {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const user = decodeURIComponent(username)
  const fields: Record<string, string> = {
    host: hostname.replace(/^\[|\]$/g, ''),
    ...(port !== '' && { port }),
    user,
    ...(password !== '' && { password: decodeURIComponent(password) }),
    dbname: decodeURIComponent(pathname.slice(1)) || user,
    connect_timeout: String(CONNECT_TIMEOUT_SECONDS),
    application_name: 'kinoprint',
    options: '-c search_path=kinoprint,public -c jit=off',
    ...Object.fromEntries([...searchParams].filter(([name]) => name.startsWith('ssl'))),
  }
  return Object.entries(fields)
    .map(([name, value]) => `${name}='${value.replace(/[\\']/g, '\\$&')}'`)
    .join(' ')
}
