-- Long keys: the 24 bits of the bucket key and eight more, for libraries so large that buckets of 24 bits divide them no
-- further. `kinoprint admin index lengthen` builds an index over them, on every server that has rows of such a library.
-- packages/dna computes the same keys for queries. The key is a signed integer.
create function frame_long_key(hash bit(256)) returns int language sql immutable parallel safe as $$
  select
    (get_bit(hash, 204) << 31) + (get_bit(hash, 220) << 30) + (get_bit(hash, 233) << 29) + (get_bit(hash, 253) << 28) +
    (get_bit(hash, 237) << 27) + (get_bit(hash, 255) << 26) + (get_bit(hash, 206) << 25) + (get_bit(hash, 175) << 24) +
    (get_bit(hash, 234) << 23) + (get_bit(hash, 232) << 22) + (get_bit(hash, 236) << 21) + (get_bit(hash, 238) << 20) +
    (get_bit(hash, 205) << 19) + (get_bit(hash, 167) << 18) + (get_bit(hash, 252) << 17) + (get_bit(hash, 239) << 16) +
    (get_bit(hash, 218) << 15) + (get_bit(hash, 251) << 14) + (get_bit(hash, 171) << 13) + (get_bit(hash, 219) << 12) +
    (get_bit(hash, 216) << 11) + (get_bit(hash, 254) << 10) + (get_bit(hash, 191) << 9) + (get_bit(hash, 190) << 8) +
    (get_bit(hash, 223) << 7) + (get_bit(hash, 250) << 6) + (get_bit(hash, 221) << 5) + (get_bit(hash, 174) << 4) +
    (get_bit(hash, 202) << 3) + (get_bit(hash, 186) << 2) + (get_bit(hash, 142) << 1) + (get_bit(hash, 173) << 0)
$$;

create function audio_long_key(hash bit(256)) returns int language sql immutable parallel safe as $$
  select
    (get_bit(hash, 96) << 31) + (get_bit(hash, 108) << 30) + (get_bit(hash, 100) << 29) + (get_bit(hash, 98) << 28) +
    (get_bit(hash, 99) << 27) + (get_bit(hash, 124) << 26) + (get_bit(hash, 101) << 25) + (get_bit(hash, 125) << 24) +
    (get_bit(hash, 106) << 23) + (get_bit(hash, 107) << 22) + (get_bit(hash, 97) << 21) + (get_bit(hash, 126) << 20) +
    (get_bit(hash, 109) << 19) + (get_bit(hash, 104) << 18) + (get_bit(hash, 116) << 17) + (get_bit(hash, 112) << 16) +
    (get_bit(hash, 120) << 15) + (get_bit(hash, 102) << 14) + (get_bit(hash, 113) << 13) + (get_bit(hash, 122) << 12) +
    (get_bit(hash, 118) << 11) + (get_bit(hash, 105) << 10) + (get_bit(hash, 110) << 9) + (get_bit(hash, 127) << 8) +
    (get_bit(hash, 226) << 7) + (get_bit(hash, 228) << 6) + (get_bit(hash, 2) << 5) + (get_bit(hash, 4) << 4) +
    (get_bit(hash, 236) << 3) + (get_bit(hash, 12) << 2) + (get_bit(hash, 235) << 1) + (get_bit(hash, 234) << 0)
$$;
