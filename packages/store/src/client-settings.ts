/**
 * Kinoprint's tables are in the schema kinoprint and BullMQ's in bullmq, with different names; pgvector's types may be
 * in public. jit is off because compiling these short statements would take longer than running them.
 */
export const CLIENT_SETTINGS = `
set search_path to kinoprint, bullmq, public;
set jit to off`

/**
 * Ends a client that has stopped or whose network has failed, no later than the next TCP probe. Without this, its locks
 * would remain for hours, and submissions may wait for them. A client that is silent within a transaction is ended in less
 * than the 9 s that a process has to shut down, so that it can answer the requests that wait.
 */
export const SERVER_SETTINGS = `
set idle_in_transaction_session_timeout to '5s';
set tcp_keepalives_idle to 10; set tcp_keepalives_interval to 5; set tcp_keepalives_count to 2;
set tcp_user_timeout to '20s';${CLIENT_SETTINGS}`
