-- Who changed what: decisions, deletions, keys, settings, people. Written in the transaction of the change.
create table audit_log (
  audit_id bigint generated always as identity primary key,
  at timestamptz(3) not null default clock_timestamp(),
  -- The admin token, a person who signed in with OIDC, or a command on a database without a server.
  actor_kind text not null check (actor_kind in ('token', 'user', 'command')),
  -- The id of the person; null for the others.
  actor_id text,
  -- The name at that time: of the person, or the one given when signing in with the token.
  actor_name text,
  actor_role text not null,
  address text,
  request_id text,
  -- The name of the admin route, e.g. deleteVideo.
  action text not null,
  -- The id of what changed.
  subject text,
  -- The fields that changed, before and after; long texts are cut, and secrets are left out.
  before jsonb,
  after jsonb
);
create index audit_log_by_time on audit_log (at, audit_id);
create index audit_log_by_subject on audit_log (subject, audit_id);
create index audit_log_by_actor on audit_log (actor_id, audit_id) where actor_id is not null;

create function refuse_to_change_audit_log() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only.';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_to_change_audit_log();
