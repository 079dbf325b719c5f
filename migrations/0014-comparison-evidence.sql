-- What a comparison rests on, as gzipped JSON. Packed data does not compress.
alter table comparisons add column evidence bytea;
alter table comparisons alter column evidence set storage external;
