-- Workers share their capacity out among buckets and keys: the next job is one of the bucket and key that run least,
-- and among equals of those whose turn was longest ago.

create sequence turn_numbers;
create table turns (
  kind text not null check (kind in ('bucket', 'key')),
  -- A bucket's name, or a key's SecretId; empty for jobs without a key.
  name text not null,
  turn bigint not null,
  primary key (kind, name)
);

-- Size of its object, noted when a worker had no place for a video of that size.
alter table jobs add column bytes bigint;

-- Finds who has jobs waiting, and the first jobs of each.
create index jobs_in_turn on jobs (queue_id, (coalesce(secret_id, '')), job_level desc, seq) where state = 'Submitted';
