-- Held passages: stretches of stored videos that many different queries suddenly match. They are ignored passages that no
-- person chose: held back until a person releases them or ignores them everywhere.

alter table ignored_passages add column held boolean not null default false;
-- The matches that made it a held passage; null for others.
alter table ignored_passages add column held_matches int;
alter table ignored_passages add check (held = (held_matches is not null) and not (held and everywhere));
-- Its only unique constraint, whose name PostgreSQL has shortened.
do $$
declare
  range_key text;
begin
  select conname into range_key from pg_constraint where conrelid = 'ignored_passages'::regclass and contype = 'u';
  execute format('alter table ignored_passages drop constraint %I', range_key);
end $$;
create unique index ignored_passages_by_range
  on ignored_passages (library_number, etag, start_seconds, end_seconds, everywhere, held);
create index ignored_passages_held on ignored_passages (created_at desc) where held and not is_draft;

-- Whether the flood guard watches the library.
alter table libraries add column flood_guard boolean not null default true;

-- References whose passage a person released. Matches found until then are no longer evidence.
create table flood_releases (
  library_number int not null references libraries (number) on delete cascade,
  etag text not null,
  released_at timestamptz(3) not null default clock_timestamp(),
  -- Whether the guard leaves the reference alone from now on.
  exempt boolean not null,
  by_name text,
  primary key (library_number, etag)
);

alter table match_events drop constraint match_events_kind_check;
alter table match_events add constraint match_events_kind_check
  check (kind in ('found', 'changed', 'decided', 'undone', 'note', 'ignored', 'restored', 'held', 'released'));

-- Events of libraries: that one fills up, or that a passage is held back.
alter table library_events alter column percent drop not null;
alter table library_events alter column video_count drop not null;
alter table library_events alter column capacity drop not null;
alter table library_events add column held jsonb;
alter table library_events add check (num_nonnulls(percent, held) = 1);
alter table match_callbacks drop constraint match_callbacks_events_check;
alter table match_callbacks add constraint match_callbacks_events_check
  check (events <@ array['MatchFound', 'MatchDecided', 'LibraryFull', 'PassageHeld']);
