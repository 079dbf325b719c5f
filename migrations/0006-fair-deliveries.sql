-- Callbacks are shared out by who asked for them and by where they go, so that one tenant's slow receivers hold up no
-- other tenant.

alter table deliveries
  -- The key that asked for the job, empty for the command line, a space, and the job's bucket.
  add column tenant text not null default '',
  -- Host and port of the address, or the queue or exchange of the message broker.
  add column host text not null default '';

update deliveries d set
  tenant = coalesce(j.secret_id, '') || ' ' || j.bucket,
  host = coalesce(lower(substring(d.url from '^[A-Za-z]+://(?:[^/?#@]*@)?([^/?#]+)')),
    d.mq_mode || ' ' || d.mq_name, '')
from jobs j where j.job_id = d.job_id;

drop index deliveries_due;
-- The tenants with something to send are found by steps from one to the next, what is due of each by its time.
create index deliveries_due on deliveries (tenant, next_at) include (host) where status = 'Pending';
