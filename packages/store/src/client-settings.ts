/**
 * Our tables live in a schema of our own, BullMQ's in its own (their names differ); pgvector's types may have
 * been put into public by whoever installed it. From 0.8 on pgvector goes on searching where filters drop rows;
 * 100 is the width that the measured recall of .99 needed.
 */
export const CLIENT_SETTINGS = `
set search_path to kinoprint, bullmq, public;
set hnsw.ef_search to 100;
select set_config('hnsw.iterative_scan', 'relaxed_order', false) from pg_extension
where extname = 'vector' and string_to_array(extversion, '.')::int[] >= '{0,8,0}'`
