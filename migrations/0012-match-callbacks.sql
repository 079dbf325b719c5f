-- Callbacks about matches: found by a search, and decided by a reviewer.

create table match_callbacks (
  library_number int primary key references libraries (number) on delete cascade,
  url text not null,
  events text[] not null check (events <@ array['MatchFound', 'MatchDecided']),
  -- The API key whose secret signs them; null for no signature.
  secret_id text,
  updated_at timestamptz(3) not null default clock_timestamp()
);

-- A callback is about a job or about an event of a match.
alter table deliveries alter column job_id drop not null;
alter table deliveries add column match_event_id bigint references match_events (event_id) on delete cascade;
alter table deliveries add check (num_nonnulls(job_id, match_event_id) = 1);
create index deliveries_by_match_event on deliveries (match_event_id) where match_event_id is not null;
create index match_deliveries_by_age on deliveries (created_at) where match_event_id is not null;

-- Writes the callbacks of match events in the transaction that records them. Of ignored matches, only decisions are
-- reported. The tenant names the library, so that its receiver delays no others.
create function insert_match_callbacks() returns trigger language plpgsql as $$
begin
  insert into deliveries (match_event_id, type, format, url, host, next_at, tenant)
  select e.event_id, 'Url', 'JSON', c.url, coalesce(substring(c.url from '^[a-z]+://([^/?#]+)'), ''),
    clock_timestamp(), l.dna_db_id || ' matches'
  from added e join matches m using (match_id) join libraries l on l.dna_db_id = m.dna_db_id
    join match_callbacks c on c.library_number = l.number
  where case
    when e.kind in ('found', 'changed') then 'MatchFound' = any (c.events) and e.to_state = 'open' and not m.ignored
    when e.kind in ('decided', 'undone') then 'MatchDecided' = any (c.events)
    else false
  end
  order by e.event_id;
  return null;
end $$;
create trigger match_events_callbacks after insert on match_events
  referencing new table as added for each statement execute function insert_match_callbacks();
