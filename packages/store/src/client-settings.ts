/**
 * Our tables live in a schema of our own, BullMQ's in its own (their names differ); pgvector's types may have
 * been put into public by whoever installed it. Statements here are short: compiling one (jit) would cost more than it saves.
 */
export const CLIENT_SETTINGS = `
set search_path to kinoprint, bullmq, public;
set jit to off`

/**
 * A client behind a network that went silent must not hold its locks until TCP gives up, after hours: every
 * submission waits behind the row of its queue. The server ends it, at the latest when the next probe is due.
 */
export const SERVER_SETTINGS = `
set idle_in_transaction_session_timeout to '15s';
set tcp_keepalives_idle to 10; set tcp_keepalives_interval to 5; set tcp_keepalives_count to 2;
set tcp_user_timeout to '20s';${CLIENT_SETTINGS}`
