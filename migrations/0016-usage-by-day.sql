-- What was processed on each day (UTC), for bills and charts. Days before this migration are known in usage only as a total.
create table usage_by_day (
  day date not null,
  -- Empty for jobs without a key.
  secret_id text not null,
  dna_db_id text not null,
  rule_type text not null,
  jobs bigint not null default 0,
  failed bigint not null default 0,
  -- Searches that found something.
  matches bigint not null default 0,
  processed_ms bigint not null default 0,
  primary key (day, secret_id, dna_db_id, rule_type)
);

-- Kinds of job that the key may submit. Null means all: they share one action of the compatible API.
alter table api_keys add column rule_types text[];
-- The address of the last request, recorded with last_used_at.
alter table api_keys add column last_used_address text;
