-- Callbacks about a library that fills up. Each threshold is reported once, and again only after the library has fallen
-- ten points below it, so that a library that loses and gains videos around it does not report each of them.

-- The highest threshold that the library has reached, in percent of its capacity; 0 for none.
alter table libraries add column full_percent smallint not null default 0 check (full_percent in (0, 90, 100));
update libraries set full_percent = case
  when video_count >= capacity then 100
  when video_count * 100.0 >= capacity * 90.0 then 90
  else 0 end;

-- Its ids come from the sequence of match events, because a receiver recognises both by `eventId`.
create table library_events (
  event_id bigint primary key default nextval('match_events_event_id_seq'),
  library_number int not null references libraries (number) on delete cascade,
  percent smallint not null check (percent in (90, 100)),
  video_count int not null,
  capacity int not null,
  at timestamptz(3) not null default clock_timestamp()
);
create index library_events_by_library on library_events (library_number, event_id);

alter table match_callbacks drop constraint match_callbacks_events_check;
alter table match_callbacks add constraint match_callbacks_events_check
  check (events <@ array['MatchFound', 'MatchDecided', 'LibraryFull']);

-- A callback is about a job, an event of a match or an event of a library.
alter table deliveries add column library_event_id bigint references library_events (event_id) on delete cascade;
alter table deliveries drop constraint deliveries_check1;
alter table deliveries add constraint deliveries_subject_check
  check (num_nonnulls(job_id, match_event_id, library_event_id) = 1);
create index deliveries_by_library_event on deliveries (library_event_id) where library_event_id is not null;
drop index match_deliveries_by_age;
create index library_deliveries_by_age on deliveries (created_at) where job_id is null;

-- Deferred, because a transaction that replaces a video changes the count twice: only its end counts.
create function report_full_library() returns trigger language plpgsql as $$
declare
  library record;
  reached int;
  kept int;
  event bigint;
begin
  select l.*, c.url, c.events into library
    from libraries l left join match_callbacks c on c.library_number = l.number where l.number = new.number;
  if not found then return null; end if;
  reached := case
    when library.video_count >= library.capacity then 100
    when library.video_count * 100.0 >= library.capacity * 90.0 then 90
    else 0 end;
  kept := case
    when library.video_count * 100.0 >= library.capacity * 90.0 then library.full_percent
    when library.video_count * 100.0 >= library.capacity * 80.0 then least(library.full_percent, 90)
    else 0 end;
  if greatest(reached, kept) <> library.full_percent then
    update libraries set full_percent = greatest(reached, kept) where number = library.number;
  end if;
  if reached > library.full_percent and 'LibraryFull' = any (library.events) then
    insert into library_events (library_number, percent, video_count, capacity)
      values (library.number, reached, library.video_count, library.capacity) returning event_id into event;
    insert into deliveries (library_event_id, type, format, url, host, next_at, tenant)
      values (event, 'Url', 'JSON', library.url, coalesce(substring(library.url from '^[a-z]+://([^/?#]+)'), ''),
        clock_timestamp(), library.dna_db_id || ' matches');
  end if;
  return null;
end $$;
create constraint trigger report_full after update of video_count, capacity on libraries
  deferrable initially deferred for each row execute function report_full_library();
