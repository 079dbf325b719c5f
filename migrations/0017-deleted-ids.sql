-- Ids that existed, so that a link to something deleted says so. Forgotten after a year.
create table deleted_ids (
  id text primary key,
  deleted_at timestamptz(3) not null default clock_timestamp()
);
create index deleted_ids_by_time on deleted_ids (deleted_at);

create function remember_deleted_jobs() returns trigger language plpgsql as $$
begin
  insert into deleted_ids (id) select job_id from deleted on conflict do nothing;
  return null;
end $$;
create trigger remember_deleted after delete on jobs referencing old table as deleted
  for each statement execute function remember_deleted_jobs();

create function remember_deleted_videos() returns trigger language plpgsql as $$
begin
  insert into deleted_ids (id) select video_id from deleted on conflict do nothing;
  return null;
end $$;
create trigger remember_deleted after delete on videos referencing old table as deleted
  for each statement execute function remember_deleted_videos();

create function remember_deleted_libraries() returns trigger language plpgsql as $$
begin
  insert into deleted_ids (id) select dna_db_id from deleted on conflict do nothing;
  return null;
end $$;
create trigger remember_deleted after delete on libraries referencing old table as deleted
  for each statement execute function remember_deleted_libraries();

create function remember_deleted_matches() returns trigger language plpgsql as $$
begin
  insert into deleted_ids (id) select match_id from deleted on conflict do nothing;
  return null;
end $$;
create trigger remember_deleted after delete on matches referencing old table as deleted
  for each statement execute function remember_deleted_matches();
