-- The keypoints of the search index: one row for each stored frame, some 1,800 an hour. It names copies whose whole
-- picture resembles no stored one, such as a window that moves. packages/dna computes the keys.
create table keypoint_index (
  library_number int not null,
  fingerprint_id bigint not null,
  time_ms int not null,
  keys int[] not null
) partition by list (library_number);
-- Without the list of pending entries, which an insert would now and then have to work off.
create index keypoint_index_keys on keypoint_index using gin (keys) with (fastupdate = off);

do $$
declare
  library int;
begin
  for library in select number from libraries loop
    execute format('create table keypoint_index_%s partition of keypoint_index for values in (%s)', library, library);
    execute format('create index on keypoint_index_%s (fingerprint_id)', library);
  end loop;
end $$;

-- Rows of a library's partition that have a key of a query's frames, which are given as text of int[]: at most row_limit
-- for each frame. The planner takes every such condition to hold for 1 % of the rows, and with a limit it would rather
-- read a large table from its start.
create function rows_with_keys(partition regclass, frames text[], row_limit int)
returns table (query int, fingerprint_id bigint, time_ms int, keys text)
language plpgsql stable set enable_seqscan = off as $$
begin
  return query execute format(
    'select q.number::int, i.fingerprint_id, i.time_ms, array_to_string(i.keys, '','')
     from unnest($1) with ordinality as q (keys, number)
     cross join lateral (select fingerprint_id, time_ms, keys from %s where keys && q.keys::int[] limit $2) i', partition
  ) using frames, row_limit;
end $$;
