-- Shards: other PostgreSQL servers that store fingerprints and their index rows. They have the same schema. This database,
-- the primary, names each fingerprint and says where its content is. What it does not name counts for nothing.

-- Which installation this database belongs to. On a shard: that of its primary, and the shard's name.
create table installation (
  is_only_row boolean primary key default true check (is_only_row),
  id uuid not null default gen_random_uuid(),
  shard text
);
insert into installation default values;

create table shards (
  name text primary key check (name ~ '^[a-z][a-z0-9_-]{0,30}$'),
  added_at timestamptz(3) not null default clock_timestamp()
);

-- Where new fingerprints are stored, by the slot of their id (0..1023). Ranges without a library hold for the libraries
-- that have none of their own. Without a range, or with a null shard: the primary.
create table shard_ranges (
  library_number int references libraries (number) on delete cascade,
  first_slot int not null check (first_slot between 0 and 1023),
  last_slot int not null check (last_slot between first_slot and 1023),
  shard text references shards (name)
);
create index shard_ranges_by_library on shard_ranges (library_number);

-- The shard that holds the content of a fingerprint, whose data is then empty here; null for this database.
alter table fingerprints add column shard text references shards (name);
create index fingerprints_by_shard on fingerprints (shard, library_number) where shard is not null;

-- Copies that are no longer needed, of a fingerprint or (null) a whole library. They stay until searches that began
-- before have ended, and until their shard can be reached. A null shard is this database.
create table shard_removals (
  id bigint generated always as identity primary key,
  shard text references shards (name) on delete cascade,
  library_number int not null,
  fingerprint_id bigint,
  due_at timestamptz not null default clock_timestamp() + interval '1 minute'
);
create index shard_removals_due on shard_removals (due_at);
create index shard_removals_by_fingerprint on shard_removals (fingerprint_id) where fingerprint_id is not null;

-- The move that makes stored fingerprints follow shard_ranges, in the order of their ids.
create table shard_moves (
  is_only_row boolean primary key default true check (is_only_row),
  per_second double precision not null check (per_second > 0),
  last_id bigint not null default 0,
  moved bigint not null default 0,
  moved_in_pass bigint not null default 0,
  problem text,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3)
);

-- Runs the statement of a candidate search on a shard. PL/Proxy calls it from the primary.
create function ask_shard(
  statement text, hashes bit(256)[], row_limit int, first_keys int[], key_width int, keys_per_hash int
) returns table (query int, fingerprint_id bigint, time_ms int, distance float8)
language plpgsql stable as $$
begin
  return query execute statement using hashes, row_limit, first_keys, key_width, keys_per_hash;
end $$;
