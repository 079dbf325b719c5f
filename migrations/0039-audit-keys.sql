-- Deletions and changes through the compatible API and /hma, by an API key or the token of /hma. Neither has a role.
alter table audit_log drop constraint audit_log_actor_kind_check;
alter table audit_log add constraint audit_log_actor_kind_check
  check (actor_kind in ('token', 'user', 'command', 'key', 'hma'));
alter table audit_log alter column actor_role drop not null;
