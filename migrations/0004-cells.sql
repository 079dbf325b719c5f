-- The candidate index becomes a plain btree of keys. A key is 24 bits of a hash, those that differ least in copies, the
-- steadiest first: near hashes lie in the same cell, a range of keys, whatever else the library holds, and a search
-- chooses how wide its cells are. Which bits these are is said in packages/dna/src/candidates/cells.ts too.

do $$
declare
  outdated regclass;
begin
  for outdated in
    select x.indexrelid::regclass
    from pg_inherits h
    join pg_index x on x.indrelid = h.inhrelid
    join pg_class n on n.oid = x.indexrelid
    join pg_am a on a.oid = n.relam
    where h.inhparent in ('frame_index'::regclass, 'audio_index'::regclass) and a.amname = 'ivfflat'
  loop
    execute format('drop index %s', outdated);
  end loop;
end $$;

alter table frame_index add column cell int not null generated always as (
    (get_bit(hash, 204) << 23) + (get_bit(hash, 220) << 22) + (get_bit(hash, 233) << 21) + (get_bit(hash, 253) << 20) +
    (get_bit(hash, 237) << 19) + (get_bit(hash, 255) << 18) + (get_bit(hash, 206) << 17) + (get_bit(hash, 175) << 16) +
    (get_bit(hash, 234) << 15) + (get_bit(hash, 232) << 14) + (get_bit(hash, 236) << 13) + (get_bit(hash, 238) << 12) +
    (get_bit(hash, 205) << 11) + (get_bit(hash, 167) << 10) + (get_bit(hash, 252) << 9) + (get_bit(hash, 239) << 8) +
    (get_bit(hash, 218) << 7) + (get_bit(hash, 251) << 6) + (get_bit(hash, 171) << 5) + (get_bit(hash, 219) << 4) +
    (get_bit(hash, 216) << 3) + (get_bit(hash, 254) << 2) + (get_bit(hash, 191) << 1) + (get_bit(hash, 190) << 0)
  ) stored;
create index frame_index_cells on frame_index (cell) include (time_ms, fingerprint_id, hash);

-- Of a window of sound it is its fourth sub-fingerprint.
alter table audio_index add column cell int not null generated always as (
    (get_bit(hash, 96) << 23) + (get_bit(hash, 108) << 22) + (get_bit(hash, 100) << 21) + (get_bit(hash, 98) << 20) +
    (get_bit(hash, 99) << 19) + (get_bit(hash, 124) << 18) + (get_bit(hash, 101) << 17) + (get_bit(hash, 125) << 16) +
    (get_bit(hash, 106) << 15) + (get_bit(hash, 107) << 14) + (get_bit(hash, 97) << 13) + (get_bit(hash, 126) << 12) +
    (get_bit(hash, 109) << 11) + (get_bit(hash, 104) << 10) + (get_bit(hash, 116) << 9) + (get_bit(hash, 112) << 8) +
    (get_bit(hash, 120) << 7) + (get_bit(hash, 102) << 6) + (get_bit(hash, 113) << 5) + (get_bit(hash, 122) << 4) +
    (get_bit(hash, 118) << 3) + (get_bit(hash, 105) << 2) + (get_bit(hash, 110) << 1) + (get_bit(hash, 127) << 0)
  ) stored;
create index audio_index_cells on audio_index (cell) include (time_ms, fingerprint_id, hash);
