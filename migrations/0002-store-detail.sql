-- How much a library stores of each video: 'full', or 'keyframes' only. Videos that are already stored keep their detail
-- until they are stored again.
alter table libraries add column store_detail text not null default 'full' check (store_detail in ('full', 'keyframes'));
