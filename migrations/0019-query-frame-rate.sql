-- For edit decision lists. Null: searched before it was recorded, or with a fingerprint whose frame rate is not known.
alter table matches add column query_fps double precision;
