-- Whether a library stores a video that shares passages with a stored one. 'never' only reports what was found.
alter table libraries add column store_mode text not null default 'always'
  check (store_mode in ('always', 'ifNew', 'never'));
-- The choice of one job; null for that of its library.
alter table jobs add column store_mode text check (store_mode in ('always', 'ifNew', 'never'));
