-- Sessions of browsers that signed in with the admin token.
create table sessions (
  session_id text primary key,
  -- SHA-256 of the cookie and the admin token, so that a copy of the database opens no session and a new admin token ends all.
  digest bytea not null unique,
  name text,
  address text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  last_used_at timestamptz(3) not null default clock_timestamp(),
  -- Moves with each use, up to a limit from created_at.
  expires_at timestamptz(3) not null
);
create index sessions_by_expiry on sessions (expires_at);
