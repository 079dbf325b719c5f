-- Previews that are being made or that failed a minute ago at most: any server of an installation answers for them.
create table previews (
  preview_id text primary key,
  state text not null check (state in ('waiting', 'running', 'failed')),
  progress double precision not null default 0,
  message text,
  -- Moves every second while a server makes it.
  heard_at timestamptz(3) not null default clock_timestamp()
);
