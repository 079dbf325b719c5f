-- Entries of the audit log past AUDIT_RETENTION_DAYS are deleted in a transaction that states these days. Every other
-- change is refused as before, also of younger entries in such a transaction.
create or replace function refuse_to_change_audit_log() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('kinoprint.audit_retention_days', true) ~ '^[1-9][0-9]*$' then
    return null;
  end if;
  raise exception 'The audit log is append-only.';
end $$;

create function refuse_to_delete_young_entry() returns trigger language plpgsql as $$
begin
  if old.at >= clock_timestamp() - current_setting('kinoprint.audit_retention_days')::int * interval '1 day' then
    raise exception 'The audit log is append-only.';
  end if;
  return old;
end $$;
create trigger audit_log_retention before delete on audit_log
  for each row execute function refuse_to_delete_young_entry();

-- A worker records what it deletes. It has no role.
alter table audit_log drop constraint audit_log_actor_kind_check;
alter table audit_log add constraint audit_log_actor_kind_check
  check (actor_kind in ('token', 'user', 'command', 'key', 'hma', 'worker'));
