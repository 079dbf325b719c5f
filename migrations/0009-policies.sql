-- What a library reports, asks a person about, and keeps as a near miss. Fields that are absent have their defaults.
alter table libraries add column policy jsonb not null default '{}';
