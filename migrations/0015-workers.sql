-- Workers as they report themselves, so that operators see which ones run. Rows of workers that are gone are deleted a day later.
create table workers (
  worker_id text primary key,
  name text not null,
  version text not null,
  ffmpeg text not null,
  slots int not null,
  started_at timestamptz(3) not null default clock_timestamp(),
  heard_at timestamptz(3) not null default clock_timestamp(),
  -- When it said that it stops.
  stopped_at timestamptz(3)
);

-- Figures of ended jobs that would otherwise be read from their results. Null for jobs that ended before.
alter table jobs add column processed_ms int;
alter table jobs add column detection_count int;
create index jobs_by_worker on jobs (worker_id) where state = 'Running';

-- Who paused a queue: the name given at sign-in, or a key.
alter table queues add column paused_by text;
alter table queues add column paused_at timestamptz(3);

-- For the last callback of a queue and those given up. Null for callbacks written before.
alter table deliveries add column queue_id text;
create index deliveries_by_queue on deliveries (queue_id, ended_at) where ended_at is not null;
