-- Finds the matches of a library that were searched lately, for the preview of a policy.
create index matches_by_search on matches (dna_db_id, searched_at, match_id);
