-- The landmarks of the search index: one row for each five seconds of stored sound, some 720 an hour. It names copies whose
-- sound is under a voice, through a telephone or a few seconds long. packages/dna computes the keys.
create table landmark_index (
  library_number int not null,
  fingerprint_id bigint not null,
  time_ms int not null,
  keys int[] not null
) partition by list (library_number);
create index landmark_index_keys on landmark_index using gin (keys) with (fastupdate = off);

do $$
declare
  library int;
begin
  for library in select number from libraries loop
    execute format('create table landmark_index_%s partition of landmark_index for values in (%s)', library, library);
    execute format('create index on landmark_index_%s (fingerprint_id)', library);
  end loop;
end $$;
