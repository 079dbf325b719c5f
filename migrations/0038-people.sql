-- People who signed in with OpenID Connect.
create table users (
  user_id text primary key,
  -- Who they are at the identity provider.
  issuer text not null,
  subject text not null,
  name text not null,
  email text,
  -- What the identity provider said at the last sign-in; null if none of its values is a role here.
  provider_role text check (provider_role in ('viewer', 'reviewer', 'operator', 'admin')),
  -- Set by an admin; counts in place of provider_role.
  given_role text check (given_role in ('viewer', 'reviewer', 'operator', 'admin')),
  blocked_at timestamptz(3),
  created_at timestamptz(3) not null default clock_timestamp(),
  -- Accurate to the minute.
  last_seen_at timestamptz(3) not null default clock_timestamp(),
  unique (issuer, subject)
);

-- Null for sessions with the admin token.
alter table sessions add column user_id text references users (user_id) on delete cascade;
-- The ID token, encrypted, by which the identity provider recognises the session that it ends.
alter table sessions add column id_token bytea;
create index sessions_by_user on sessions (user_id) where user_id is not null;
