-- Matches: pairs of contents that searches found, and what reviewers decided about them.

-- Whether dismissed pairs are left out of the results of later jobs.
alter table libraries add column suppress_dismissed boolean not null default false;

-- One row per pair of contents (ETags) in a library, however many jobs found it. Of several objects or videos with the same
-- content, it names those of the newest search. No foreign keys: a match outlives its jobs and its reference.
create table matches (
  match_id text primary key,
  dna_db_id text not null,
  query_etag text not null,
  reference_etag text not null,
  query_bucket text not null,
  query_object text not null,
  query_seconds double precision not null,
  query_width int,
  query_height int,
  query_has_audio boolean,
  -- The newest job that found it.
  job_id text not null,
  video_id text not null,
  reference_bucket text not null,
  reference_object text not null,
  reference_seconds double precision not null,
  reference_width int not null,
  reference_height int not null,
  reference_has_audio boolean not null,
  score double precision not null,
  picture_similar int not null,
  audio_similar int not null,
  query_coverage double precision not null,
  ref_coverage double precision not null,
  -- Facts of the passages that are neither weak nor ignored, for lists and filters.
  similar_seconds double precision not null,
  has_picture boolean not null,
  has_sound boolean not null,
  alterations text[] not null,
  speed double precision not null,
  passage_count int not null,
  -- Whether all passages are ignored.
  ignored boolean not null,
  -- What the search made of it: reported in its result, kept for review only, or a near miss.
  verdict text not null check (verdict in ('report', 'review', 'near')),
  state text not null check (state in ('open', 'confirmed', 'dismissed', 'near')),
  -- Open again, because a search after the decision found other passages.
  changed boolean not null default false,
  -- Increases whenever the state is set.
  version int not null default 1,
  -- The last decision, which stays when the match opens again.
  decided_state text check (decided_state in ('confirmed', 'dismissed')),
  decided_reason text,
  decided_note text,
  decided_by text,
  decided_at timestamptz(3),
  note_count int not null default 0,
  found_at timestamptz(3) not null default clock_timestamp(),
  -- When it was found or opened again.
  opened_at timestamptz(3) not null default clock_timestamp(),
  searched_at timestamptz(3) not null default clock_timestamp(),
  unique (dna_db_id, reference_etag, query_etag),
  check ((decided_state is null) = (decided_at is null))
);
create index matches_by_query on matches (dna_db_id, query_etag);
create index matches_by_video on matches (video_id);
-- One index per order of the queue.
create index matches_by_opening on matches (state, opened_at, match_id) where not ignored;
create index matches_by_score on matches (state, score, match_id) where not ignored;
create index matches_by_seconds on matches (state, similar_seconds, match_id) where not ignored;
create index matches_by_decision on matches (state, decided_at desc nulls last, match_id desc) where not ignored;
create index matches_by_library on matches (dna_db_id, state, opened_at, match_id) where not ignored;

-- Apart from matches, so that lists read short rows.
create table match_passages (
  match_id text primary key references matches (match_id) on delete cascade,
  -- Segments, as in job results, in the order of the query.
  passages jsonb not null
);

-- The jobs that found each match, until the jobs are purged.
create table match_jobs (
  job_id text not null references jobs (job_id) on delete cascade,
  match_id text not null references matches (match_id) on delete cascade,
  primary key (job_id, match_id)
);
create index match_jobs_by_match on match_jobs (match_id);

-- The history of each match. Rows are never changed, and deleted only with their match.
create table match_events (
  event_id bigint generated always as identity primary key,
  match_id text not null references matches (match_id) on delete cascade,
  kind text not null check (kind in ('found', 'changed', 'decided', 'undone', 'note', 'ignored', 'restored')),
  at timestamptz(3) not null default clock_timestamp(),
  -- The name given at sign-in.
  by_name text,
  from_state text,
  to_state text,
  reason text,
  note text,
  job_id text,
  -- Decisions that were made in one request, and their undoing.
  batch_id text,
  -- The version of the match after the event.
  version int,
  -- What the event replaced, so that it can be undone: the columns of the last decision, and `changed`.
  replaced jsonb
);
create index match_events_by_match on match_events (match_id, event_id);
create index match_events_by_batch on match_events (batch_id) where batch_id is not null;

create function refuse_to_change_history() returns trigger language plpgsql as $$
begin
  -- Deleted by the foreign key, with its match.
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then return old; end if;
  raise exception 'The history of matches is append-only.';
end $$;
create trigger match_events_append_only before update or delete on match_events
  for each row execute function refuse_to_change_history();
