-- Comparisons of two videos. Nothing of them is in a library, and all of it is deleted an hour after its last step.
create table comparisons (
  comparison_id text primary key,
  state text not null check (state in ('Uploading', 'Waiting', 'Running', 'Success', 'Failed')),
  -- What to compare: {source: object, video or upload, bucket, object, dnaDbId, videoId, name, isThere}.
  query jsonb not null,
  reference jsonb not null,
  -- What the worker has read of each side: {progress, durationSeconds, hasAudio}.
  query_reading jsonb not null default '{"progress": 0, "durationSeconds": null, "hasAudio": null}',
  reference_reading jsonb not null default '{"progress": 0, "durationSeconds": null, "hasAudio": null}',
  stage text not null default '',
  attempts int not null default 0,
  -- Never decreases. Every write of a worker names the claim it belongs to.
  claims int not null default 0,
  lease_until timestamptz,
  result jsonb,
  -- {code, message, side}
  error jsonb,
  created_at timestamptz(3) not null default clock_timestamp(),
  started_at timestamptz(3),
  ended_at timestamptz(3),
  expires_at timestamptz(3) not null,
  check ((state = 'Running') = (lease_until is not null))
);
create index comparisons_to_run on comparisons (created_at) where state in ('Waiting', 'Running');
create index comparisons_by_expiry on comparisons (expires_at);
