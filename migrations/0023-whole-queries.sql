-- Contents whose searches decode the whole file, as a reviewer requested. Forgotten with query fingerprints.
create table whole_queries (
  etag text primary key,
  requested_at timestamptz(3) not null default clock_timestamp()
);
