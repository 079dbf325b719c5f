-- Each attempt to send a callback, and when the present round of attempts began: it ends a day later.

alter table deliveries
  -- The newest 50, oldest first: {attempt, at, seconds, httpStatus, error}; error is null where it arrived.
  add column tries jsonb not null default '[]',
  -- Sending it again by hand begins anew.
  add column since timestamptz(3) not null default clock_timestamp();
