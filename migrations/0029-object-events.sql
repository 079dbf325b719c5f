-- Events of an object store that have been made into jobs. A store sends an event again when it has not seen the answer.
create table object_events (
  dna_db_id text not null,
  rule_type text not null,
  bucket text not null,
  object text not null,
  -- The sequencer of the event, or the ETag of the object.
  version text not null,
  job_id text not null,
  received_at timestamptz(3) not null default clock_timestamp(),
  primary key (dna_db_id, rule_type, bucket, object, version)
);
create index object_events_by_age on object_events (received_at);
