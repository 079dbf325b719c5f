-- Files that a request wants hashed and waits for. The request deletes its row; what it left behind goes when it expires.
create table hash_requests (
  request_id text primary key,
  bucket text not null,
  object text not null,
  -- False while the file is being downloaded.
  is_there boolean not null default false,
  -- Never decreases. Every write of a worker names the claim it belongs to.
  claims int not null default 0,
  lease_until timestamptz,
  -- A fingerprint file. Packed data does not compress.
  fingerprint bytea,
  -- {code, message}
  error jsonb,
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  expires_at timestamptz(3) not null
);
alter table hash_requests alter column fingerprint set storage external;
create index hash_requests_to_run on hash_requests (created_at) where is_there and ended_at is null;
create index hash_requests_by_expiry on hash_requests (expires_at);
