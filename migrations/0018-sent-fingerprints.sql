-- Fingerprints that were sent in place of a file, until the job that stores or searches them has succeeded.
create table sent_fingerprints (
  job_id text primary key references jobs (job_id) on delete cascade,
  etag text not null,
  data bytea not null,
  duration_seconds double precision not null,
  width int not null,
  height int not null,
  has_audio boolean not null,
  frame_count int not null,
  codec text,
  fps double precision,
  bytes bigint
);
