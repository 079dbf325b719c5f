-- A library as version 1 of the schema held it: two rendered videos, a search and its result, one key.
set check_function_bodies = false;
select pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA kinoprint;
CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;
COMMENT ON EXTENSION vector IS 'vector data type and ivfflat and hnsw access methods';
CREATE TABLE kinoprint.jobs (
    job_id text NOT NULL,
    seq bigint NOT NULL,
    state text NOT NULL,
    tag text DEFAULT 'DNA'::text NOT NULL,
    rule_type text NOT NULL,
    dna_db_id text NOT NULL,
    video_id text,
    bucket text NOT NULL,
    region text NOT NULL,
    object text NOT NULL,
    job_level smallint DEFAULT 0 NOT NULL,
    user_data text,
    queue_id text NOT NULL,
    callback jsonb,
    secret_id text,
    request_hash text,
    stage text DEFAULT ''::text NOT NULL,
    progress double precision DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    claims integer DEFAULT 0 NOT NULL,
    worker_id text,
    lease_until timestamp with time zone,
    dispatched_at timestamp with time zone,
    code text,
    message text,
    cause text,
    result jsonb,
    created_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    started_at timestamp(3) with time zone,
    ended_at timestamp(3) with time zone,
    result_bytes integer GENERATED ALWAYS AS (COALESCE(octet_length((result)::text), 0)) STORED NOT NULL,
    bytes bigint,
    CONSTRAINT jobs_check CHECK (((state = 'Running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT jobs_job_level_check CHECK (((job_level >= 0) AND (job_level <= 2))),
    CONSTRAINT jobs_progress_check CHECK (((progress >= (0)::double precision) AND (progress <= (1)::double precision))),
    CONSTRAINT jobs_rule_type_check CHECK ((rule_type = ANY (ARRAY['GetFingerPrint'::text, 'FindSimilarVideo'::text, 'DeleteFingerPrint'::text]))),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['Submitted'::text, 'Running'::text, 'Success'::text, 'Failed'::text, 'Pause'::text, 'Cancel'::text])))
);
CREATE FUNCTION kinoprint.enqueue_jobs(target_queue text, target_bucket text, target_region text, waiting_per_key integer, requests json) RETURNS TABLE(number integer, outcome text, queue_id text, job kinoprint.jobs)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
  queue queues%rowtype;
  free int;
begin
  target_queue := coalesce(target_queue, ensure_queue(target_bucket, target_region));
  -- This lock orders everything that is added to the queue: retries, its size, pausing it.
  select * into queue from queues
  where queue_id = target_queue and bucket = target_bucket and region = target_region for update;
  if not found then return; end if;
  -- Counting 10,000 waiting jobs takes milliseconds, so it happens once a second, or when the queue may be full.
  -- Between counts, jobs that leave only free more space; the few that workers give back are counted a second later.
  if queue.waiting_at_most + json_array_length(requests) > queue.max_size
      or queue.waiting_counted_at not between clock_timestamp() - interval '1 second' and clock_timestamp() then
    select count(*) into queue.waiting_at_most from jobs where queue_id = queue.queue_id and state in ('Submitted', 'Pause');
    queue.waiting_counted_at := clock_timestamp();
  end if;
  free := queue.max_size - queue.waiting_at_most;
  return query
  with numbered as (
    select r.*,
      -- A retry belongs to the first of these requests with the same hash, if that is not itself.
      case when r.dedupe_seconds > 0 and r.request_hash is not null
        then nullif(min(r.number) over (partition by r.request_hash, r.secret_id), r.number) end as first_number,
      r.library_must_exist and not exists (
        select from libraries l where l.dna_db_id = r.dna_db_id
      ) as library_is_missing
    from rows from (json_to_recordset(requests) as (
      job_id text, tag text, rule_type text, dna_db_id text, video_id text, object text, job_level smallint,
      user_data text, callback jsonb, secret_id text, request_hash text, dedupe_seconds float8,
      library_must_exist boolean
    )) with ordinality as r (
      job_id, tag, rule_type, dna_db_id, video_id, object, job_level, user_data, callback, secret_id, request_hash,
      dedupe_seconds, library_must_exist, number
    )
  ), checked as (
    select n.*, earlier.job as earlier_job, earlier.job_id is not null as is_repeated,
      n.first_number is null and earlier.job_id is null and not n.library_is_missing as is_new
    from numbered n left join lateral (
      select j.job_id, j as job from jobs j
      where j.request_hash = n.request_hash and j.secret_id is not distinct from n.secret_id
        and j.bucket = target_bucket and j.region = target_region
        and j.created_at > clock_timestamp() - n.dedupe_seconds * interval '1 second' and j.ended_at is null
      order by j.created_at, j.seq limit 1
    ) earlier on n.dedupe_seconds > 0 and n.first_number is null
  ), free_by_key as (
    select k.secret_id, waiting_per_key - (
      select count(*) from (
        select from jobs j where j.secret_id = k.secret_id and j.state in ('Submitted', 'Pause') limit waiting_per_key
      ) waiting
    ) as free
    from (select distinct secret_id from numbered) k where waiting_per_key > 0 and k.secret_id is not null
  ), within_key as (
    select c.*, coalesce(
      count(*) filter (where c.is_new) over (partition by c.secret_id order by c.number) > k.free, false
    ) as is_over_key
    from checked c left join free_by_key k on k.secret_id = c.secret_id
  ), decided as (
    select *, case
      when library_is_missing then 'unknown library'
      when is_repeated then 'repeated'
      when is_over_key then 'key saturated'
      when count(*) filter (where is_new and not is_over_key) over (order by number) > free then 'queue saturated'
      else 'created'
    end as outcome
    from within_key
  ), written as (
    insert into jobs as j (job_id, state, queue_id, tag, rule_type, dna_db_id, video_id, bucket, region, object,
      job_level, user_data, callback, secret_id, request_hash)
    select job_id, case queue.state when 'Paused' then 'Pause' else 'Submitted' end, queue.queue_id, tag, rule_type,
      dna_db_id, video_id, target_bucket, target_region, object, job_level, user_data, callback, secret_id, request_hash
    from decided where outcome = 'created' and first_number is null order by number
    returning j.job_id, j as job
  ), counted as (
    update queues set waiting_at_most = queue.waiting_at_most + (select count(*) from written),
      waiting_counted_at = queue.waiting_counted_at
    where queue_id = queue.queue_id
  )
  select d.number::int,
    case when d.first_number is not null and first.outcome = 'created' then 'repeated' else first.outcome end,
    queue.queue_id, coalesce(first.earlier_job, w.job)
  from decided d join decided first on first.number = coalesce(d.first_number, d.number)
    left join written w on w.job_id = first.job_id
  order by d.number;
end $$;
CREATE FUNCTION kinoprint.ensure_queue(target_bucket text, target_region text) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
  found_id text;
begin
  select queue_id into found_id from queues where bucket = target_bucket and region = target_region;
  if found then return found_id; end if;
  if (select count(*) from queues where bucket = target_bucket) >= 64 then return null; end if;
  insert into queues (queue_id, name, bucket, region, notify)
  values ('p' || replace(gen_random_uuid()::text, '-', ''), 'default', target_bucket, target_region,
    '{"url": "", "state": "Off", "type": "Url", "event": "TaskFinish,WorkflowFinish", "resultFormat": "XML",
      "mqMode": "", "mqRegion": "", "mqName": ""}')
  on conflict do nothing;
  select queue_id into found_id from queues where bucket = target_bucket and region = target_region;
  return found_id;
end $$;
CREATE TABLE kinoprint.api_keys (
    secret_id text NOT NULL,
    name text NOT NULL,
    secret bytea NOT NULL,
    actions text[],
    libraries text[],
    buckets text[],
    region text,
    created_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    last_used_at timestamp(3) with time zone,
    revoked_at timestamp(3) with time zone
);
CREATE TABLE kinoprint.audio_index (
    library_number integer NOT NULL,
    fingerprint_id bigint NOT NULL,
    time_ms integer NOT NULL,
    hash bit(256) NOT NULL,
    bucket_key integer GENERATED ALWAYS AS (((((((((((((((((((((((((get_bit(hash, 96) << 23) + (get_bit(hash, 108) << 22)) + (get_bit(hash, 100) << 21)) + (get_bit(hash, 98) << 20)) + (get_bit(hash, 99) << 19)) + (get_bit(hash, 124) << 18)) + (get_bit(hash, 101) << 17)) + (get_bit(hash, 125) << 16)) + (get_bit(hash, 106) << 15)) + (get_bit(hash, 107) << 14)) + (get_bit(hash, 97) << 13)) + (get_bit(hash, 126) << 12)) + (get_bit(hash, 109) << 11)) + (get_bit(hash, 104) << 10)) + (get_bit(hash, 116) << 9)) + (get_bit(hash, 112) << 8)) + (get_bit(hash, 120) << 7)) + (get_bit(hash, 102) << 6)) + (get_bit(hash, 113) << 5)) + (get_bit(hash, 122) << 4)) + (get_bit(hash, 118) << 3)) + (get_bit(hash, 105) << 2)) + (get_bit(hash, 110) << 1)) + (get_bit(hash, 127) << 0))) STORED NOT NULL
)
PARTITION BY LIST (library_number);
CREATE TABLE kinoprint.audio_index_1 (
    library_number integer NOT NULL,
    fingerprint_id bigint NOT NULL,
    time_ms integer NOT NULL,
    hash bit(256) NOT NULL,
    bucket_key integer GENERATED ALWAYS AS (((((((((((((((((((((((((get_bit(hash, 96) << 23) + (get_bit(hash, 108) << 22)) + (get_bit(hash, 100) << 21)) + (get_bit(hash, 98) << 20)) + (get_bit(hash, 99) << 19)) + (get_bit(hash, 124) << 18)) + (get_bit(hash, 101) << 17)) + (get_bit(hash, 125) << 16)) + (get_bit(hash, 106) << 15)) + (get_bit(hash, 107) << 14)) + (get_bit(hash, 97) << 13)) + (get_bit(hash, 126) << 12)) + (get_bit(hash, 109) << 11)) + (get_bit(hash, 104) << 10)) + (get_bit(hash, 116) << 9)) + (get_bit(hash, 112) << 8)) + (get_bit(hash, 120) << 7)) + (get_bit(hash, 102) << 6)) + (get_bit(hash, 113) << 5)) + (get_bit(hash, 122) << 4)) + (get_bit(hash, 118) << 3)) + (get_bit(hash, 105) << 2)) + (get_bit(hash, 110) << 1)) + (get_bit(hash, 127) << 0))) STORED NOT NULL
);
CREATE TABLE kinoprint.deliveries (
    id bigint NOT NULL,
    job_id text NOT NULL,
    status text DEFAULT 'Pending'::text NOT NULL,
    type text NOT NULL,
    format text NOT NULL,
    url text,
    mq_mode text,
    mq_region text,
    mq_name text,
    body text,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp(3) with time zone,
    last_error text,
    last_status integer,
    created_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp(3) with time zone,
    attempt_log jsonb DEFAULT '[]'::jsonb NOT NULL,
    retrying_since timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    tenant text DEFAULT ''::text NOT NULL,
    host text DEFAULT ''::text NOT NULL,
    CONSTRAINT deliveries_check CHECK (((status = 'Pending'::text) = (next_at IS NOT NULL))),
    CONSTRAINT deliveries_format_check CHECK ((format = ANY (ARRAY['XML'::text, 'JSON'::text]))),
    CONSTRAINT deliveries_mq_mode_check CHECK ((mq_mode = ANY (ARRAY['Queue'::text, 'Topic'::text]))),
    CONSTRAINT deliveries_status_check CHECK ((status = ANY (ARRAY['Pending'::text, 'Delivered'::text, 'Failed'::text]))),
    CONSTRAINT deliveries_type_check CHECK ((type = ANY (ARRAY['Url'::text, 'TDMQ'::text])))
);
ALTER TABLE kinoprint.deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kinoprint.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE kinoprint.fingerprints (
    id bigint NOT NULL,
    library_number integer NOT NULL,
    format integer NOT NULL,
    data bytea NOT NULL,
    staged_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY kinoprint.fingerprints ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE kinoprint.fingerprints ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kinoprint.fingerprints_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE kinoprint.frame_index (
    library_number integer NOT NULL,
    fingerprint_id bigint NOT NULL,
    time_ms integer NOT NULL,
    hash bit(256) NOT NULL,
    bucket_key integer GENERATED ALWAYS AS (((((((((((((((((((((((((get_bit(hash, 204) << 23) + (get_bit(hash, 220) << 22)) + (get_bit(hash, 233) << 21)) + (get_bit(hash, 253) << 20)) + (get_bit(hash, 237) << 19)) + (get_bit(hash, 255) << 18)) + (get_bit(hash, 206) << 17)) + (get_bit(hash, 175) << 16)) + (get_bit(hash, 234) << 15)) + (get_bit(hash, 232) << 14)) + (get_bit(hash, 236) << 13)) + (get_bit(hash, 238) << 12)) + (get_bit(hash, 205) << 11)) + (get_bit(hash, 167) << 10)) + (get_bit(hash, 252) << 9)) + (get_bit(hash, 239) << 8)) + (get_bit(hash, 218) << 7)) + (get_bit(hash, 251) << 6)) + (get_bit(hash, 171) << 5)) + (get_bit(hash, 219) << 4)) + (get_bit(hash, 216) << 3)) + (get_bit(hash, 254) << 2)) + (get_bit(hash, 191) << 1)) + (get_bit(hash, 190) << 0))) STORED NOT NULL
)
PARTITION BY LIST (library_number);
CREATE TABLE kinoprint.frame_index_1 (
    library_number integer NOT NULL,
    fingerprint_id bigint NOT NULL,
    time_ms integer NOT NULL,
    hash bit(256) NOT NULL,
    bucket_key integer GENERATED ALWAYS AS (((((((((((((((((((((((((get_bit(hash, 204) << 23) + (get_bit(hash, 220) << 22)) + (get_bit(hash, 233) << 21)) + (get_bit(hash, 253) << 20)) + (get_bit(hash, 237) << 19)) + (get_bit(hash, 255) << 18)) + (get_bit(hash, 206) << 17)) + (get_bit(hash, 175) << 16)) + (get_bit(hash, 234) << 15)) + (get_bit(hash, 232) << 14)) + (get_bit(hash, 236) << 13)) + (get_bit(hash, 238) << 12)) + (get_bit(hash, 205) << 11)) + (get_bit(hash, 167) << 10)) + (get_bit(hash, 252) << 9)) + (get_bit(hash, 239) << 8)) + (get_bit(hash, 218) << 7)) + (get_bit(hash, 251) << 6)) + (get_bit(hash, 171) << 5)) + (get_bit(hash, 219) << 4)) + (get_bit(hash, 216) << 3)) + (get_bit(hash, 254) << 2)) + (get_bit(hash, 191) << 1)) + (get_bit(hash, 190) << 0))) STORED NOT NULL
);
ALTER TABLE kinoprint.jobs ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kinoprint.jobs_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE kinoprint.libraries (
    number integer NOT NULL,
    dna_db_id text NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    capacity integer NOT NULL,
    bucket text NOT NULL,
    region text NOT NULL,
    min_similar integer DEFAULT 0 NOT NULL,
    detect_on_store boolean DEFAULT false NOT NULL,
    video_count integer DEFAULT 0 NOT NULL,
    total_ms bigint DEFAULT 0 NOT NULL,
    total_frames bigint DEFAULT 0 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT libraries_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT libraries_min_similar_check CHECK (((min_similar >= 0) AND (min_similar <= 100))),
    CONSTRAINT libraries_video_count_check CHECK ((video_count >= 0))
);
ALTER TABLE kinoprint.libraries ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kinoprint.libraries_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE kinoprint.queues (
    queue_id text NOT NULL,
    name text NOT NULL,
    state text DEFAULT 'Active'::text NOT NULL,
    max_size integer DEFAULT 10000 NOT NULL,
    max_concurrent integer DEFAULT 10 NOT NULL,
    notify jsonb NOT NULL,
    created_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    waiting_at_most integer DEFAULT 0 NOT NULL,
    waiting_counted_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    bucket text NOT NULL,
    region text NOT NULL,
    CONSTRAINT queues_max_concurrent_check CHECK ((max_concurrent >= 1)),
    CONSTRAINT queues_max_size_check CHECK ((max_size >= 0)),
    CONSTRAINT queues_state_check CHECK ((state = ANY (ARRAY['Active'::text, 'Paused'::text])))
);
CREATE TABLE kinoprint.schema_version (
    version integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE SEQUENCE kinoprint.turn_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE kinoprint.turns (
    kind text NOT NULL,
    name text NOT NULL,
    turn bigint NOT NULL,
    CONSTRAINT turns_kind_check CHECK ((kind = ANY (ARRAY['bucket'::text, 'key'::text])))
);
CREATE TABLE kinoprint.usage (
    secret_id text NOT NULL,
    dna_db_id text NOT NULL,
    rule_type text NOT NULL,
    jobs bigint DEFAULT 0 NOT NULL,
    processed_ms bigint DEFAULT 0 NOT NULL
);
CREATE TABLE kinoprint.videos (
    video_id text NOT NULL,
    library_number integer NOT NULL,
    bucket text NOT NULL,
    region text NOT NULL,
    object text NOT NULL,
    etag text NOT NULL,
    duration_seconds double precision NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    has_audio boolean NOT NULL,
    frame_count integer NOT NULL,
    fingerprint_id bigint NOT NULL,
    created_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE ONLY kinoprint.audio_index ATTACH PARTITION kinoprint.audio_index_1 FOR VALUES IN (1);
ALTER TABLE ONLY kinoprint.frame_index ATTACH PARTITION kinoprint.frame_index_1 FOR VALUES IN (1);
-- Data for Name: api_keys; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.api_keys (secret_id, name, secret, actions, libraries, buckets, region, created_at, last_used_at, revoked_at) FROM stdin;
AKIDupgradeRehearsal	first key	\\x39c4de60e99dd1b2c97ea891ee99162735ad7cae2d7bc439d1fbb392d0a7df30f97853e3caae06d8e091a3de6f135369d16e9d844fb138bbc1ba	\N	\N	\N	\N	2026-11-29 13:41:48.585+00	2026-11-29 13:42:05.607+00	\N
\.
-- Data for Name: audio_index_1; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.audio_index_1 (library_number, fingerprint_id, time_ms, hash) FROM stdin;
1	1	0	0100110000000111000001101010110001000100000100100000001101100100010001010011001000000001001100000101011100010011011100010011000000010111010100001110000000010000000101101001000010100000000101000001111010010000101001010000010000011110100000011010110100000100
1	1	1981	0010110111100010001000100110101000101101111000010010001001001010001111110110000000100011010010100011111100100000001100001110101000111101001100000001110011101010001111000111001000011000111011100111110010110010000010001110011000111100100100100011101111000111
1	1	3962	0111110011001000101011100110001001111100110010001010011001100010011111111100100010100111111000100111111011001000111001011010001001111110110011110110110010010011011111100100011000101000100100000111111000000110001110001001000001111110000001100000100010110000
1	2	0	1001001000100000101100100010100110010010001100001010011000101011100100100011000011101011001010101111001000110010001010010011101011110010001100100010100000101110111100101011001000111100001011101111000010100010000011000010011011110100101000100000110000010011
1	2	1981	0111011010000000000000101100001001110110100000001100011111100010011101101000010010001110111001100101011010000100101010100110101011011110100001001010101000101010110111101000010010101010000010101101111010000100101010110000101110011110100011011011100000001001
1	2	3962	1101101000011100111100010110000111011011000111001110000011110000010110010001111011100000110100000111100000111110111000001100000001111000001101100110010010000000011110000011011001001000110000000111110000100110010010011100000001111100011000101100101001000001
\.
-- Data for Name: deliveries; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.deliveries (id, job_id, status, type, format, url, mq_mode, mq_region, mq_name, body, attempts, next_at, last_error, last_status, created_at, ended_at, attempt_log, retrying_since, tenant, host) FROM stdin;
\.
-- Data for Name: fingerprints; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.fingerprints (id, library_number, format, data, staged_at) FROM stdin;
1	1	1	\\x4b50465001034020000000000000fa01000000000000000000000000000000003ff00000000000003ff00000000000002000008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b02005e5e5c5958575764646464646464646464646464646464646464646464646464ad4e2d6954a110d7d295f0c22437a72d797949e9d2d61616b6a009396967ffc6ad2b71c94a90525632b0b5e2842def2d797928e1d2d65e56b6a8a039ad275fc67b524bd64a529056b6b197e0a02d8fad697168505ad65f5ab6acb0332d254fce2b52af56d31e542b56a9d6a9b18d2ead2952e8500b5e5d5a96ac90b32d2d2bce81525d1a538e5ca152bdeea1a78da8f52952ed51434e517a96acd2b32d2d2bce52bf5ea342ad38a920bdae21a70fa1773d5acd71420a53a11aadc2b32d2dbd4e3a8f14a3f425a56b151cdd43f54ec172154a85616a9e2ab5aaadeab3a52d354e81079da46f6a9fd07fe0bfe60f4c9fa82762999c676299c076e26ab4991c22238d8d3fa47fe09fe07fc8ffe61f8c87e027609d98676299c8746242b4951c2231cfcc3fe03fe05f8c3bf86ee691c88760e7e09d8c6372ddc86063d0b4851ca2317fc8afe03fe00f0edbd955e238d8c6e2c3f03fccf3b234c8d873b03c450c80313ef0dfe22771238e93f511e21af0e6e29bd06f6cd9b236ced873a02c610cc01d3ee5ddf2e773318ec1e61b721e70eee2e798766c79b23246d833202c600cc09d9a676b92c27384ec69e693f09ee0cff26399de6c699a3346cc33306ce10ce08d9b27619286635af06ff2d3981e629bd263b9cc6c66dbd366cc33307c910c648dc92426f2c9639ed027f867da5e66bbda67b3cc6426db61660c3bf230d18c048d6d3297f2c9f21ed027f863db1d66329b613bc867665b6126947be230c98c804f6db296db0db61bd9277863cb2ca6361b91635437e25b604e927b6230e8cc984f35a61adba5b65b5b343320cf7096b23b985734b3d25b30ce927b6630a0ccd84fb7864bdba497591ba4b7b04f7097881b10973433db7db0ceb25bc630b0cc484fb297693b9093699b6437904fb097a85b9097b4334b6db0cee25bd630334c694fd217293bd093e997603f903b7093281b8897d613292d50dee65bd63079fc694f7dc638c78c7379e171ef80f9fa0101188f389f1f040c8c088fdf7fe620fe9b11fb011ff9881771c0c0e3dcf177de400c0e18bf1f0f0c04089e9f7fee40feeb81e001c7f8c08ff9e900f3e0427fcc407f3e00271f3e3e083a98377fec40feef8100e1e31e408e39f121f3c3863be0307ffe06073f383c187a9837dffc00fefe8193e6839ec4c039f18317cf8718f0785ffd861c3e783e7012d8370ff880ee9e81818029cfd0e0cfce070fff0339f1a81fcd86f0fef03e6012703f1df8c0ce9f811da039c79c820f8e0f87fe03bdb3881fed06f0fef07e8212b03b3cf8c0ce1f213f810f9f3e1e1e0bf3c7fe038e1e8c1be020e0fed07a8212f03b7cf840ce3f213f021e1b2c03f383db077e030e0fc09be370c1fec1fa02dae07f76f8a0ee3f2061ea1ad3e4db658e4a8ed993d4db34949933d293c4cba3643b035a5b4b15a72c0402d00f040000d00f00d00f00d00f005647563e155a53aa0a8e6abbeabd52a1e555955b855c9d0a68562a7a1ab5db81d6a72c4e30d87631d8680a1cda76119c472618b867439dc67fccf867b9d9877619b8f26378e21b24dc21794e863973b23dcbc9e45a49d62671cea63831978973769c38cdf8a27ffe6670e0fcf1f8e1e0899c1198f1c098071e06edc45c833e0efe0cd45b05d00f040000d00f00d00f00d00f004d5c6463699fae2a55a2915dad55622862afde281553f7ddaa555a2a558a1508aa554dd707e00b9106659193a7640fd20fec0df31364f5f0f3ecedf2bbf06c30924e649d702be8d9b027eccb31f94af997f80cf9233204e90a13dcaf2c17b119fc4e32271a771cf018673fc0683ffe44207d9830ccff4804e78fe78e431fd7ca0cfe186006d00f040000d00f00d00f00d00f0063525d3635a935a3a4bf3ca625b4acb4c3a5481e5be74ba8da419a4b8229b25fa3dd65b0dc7971868e31718666d38f21301bc70e56b80c385b8f8e71f1c6cee48f7a318f3f16f0c12e4d0d9ae26cd990196831fe3e4c7cb2a9e3064dcd83e2f41e788f1bde7fbccfe11fc23e8a3e000f030fc1bee0fc601e661f40f3a0fc3158331982b707d00f040000d00f00d00f00d00f0026434f2b08ce3237ffe19b3854816c8c22773c47c93b36dcf6ec09230014efd9fb6e826c839ccb987462939e6c65938ec83879ba91877e38b1e64e5cf5e6ea0a4c0831f7faa3e0732a2b3f9da555c385f3be18318393e78e0e451562425f8f4370f8585c33730467fd08d93907fe448cf500b7e46fc368037ab217dfa05b80325f64faa900000000000000002b4c0706ac4412036445320130571371301750e0101690a0141e90a5041e81ad041ed2b94c3e5298cc3e12888c7e32888d7e2088bb6d208cea2c2097ea2c62e26a2de2226a2de1224a3f60234a3f2030ea3d301cea3c7218ee7cb208e63c923bc73c962a441c9426441d94e2041d9da2044f5e82005d1a82335d1886225c58ae227cc8ae627cc8a6627fc8a7e27ec8e5a27ecf6c937e4628907e0638907e0608b03e1208a03f1318a0141228c0179d8492	2026-11-29 13:42:09.387+00
2	1	1	\\x4b50465001034020000000000000fa01000000000000000000000000000000003ff00000000000003ff00000000000002000008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b0200c801008b02008a02008b02005a5a5a5957544f4a46423f3d646464635f5b57626161605d59545353556464644667acb80707c34e0cf1771ec31b06e43d865a3b6c37b3cc703e3c3c619ec333176788e03c63370e1ca10c3cf71b4e243986f61bcc33238cd37e7c3ce39cc76335c753819863e61a7b871870b61bec263986a65a9c73e38cc77e1874839cd7636d47ef8d1863e09bcf877a63b39bc8637107069a1871f38ccf1c187486bc8743cd47e78f7ce360f38f0f7647739bc06161072e9a18e1638ece1838f01ebc85439967230fbe45f0f38f0f9407731b83e101877e9a91e1478e0e1af1e07eb88e479b616b0e8c1cf0e11a2e0c0fe11b0f630595fe1eb3e1078f0e1bf1e0fdf80e5716516ba08c1ee051e2671c1fe11b1f6e3d91d41e23e10f8f1e1fe3c0f9f81e1706d5c9603c1e0031c3e11c1fe33b3fcef9f1d03e24c37f071e1fc3c0e9e09e17c65d9980dc06243cc7c1393f86f1b4cef9f1c23e24c7fb057c3f07c013e0bc368ef13300d1c3fc3ccfc13b3e0ff1048c93e10a7e24dfc301783f8fc1d7e03c368ff1301c0383fc3ce181b73efef1058c23a10f7ee8ff8383703fad81d7007836eca0654f87d77b6c74d8f92c8c3ca03cc3c307e695c0f901605b9e3e487c64db46f0207f47cbdfa434d8f824ee25807c41fb87e657c0f981f04bce5f083c30db71e09a77bc7adfa4028ae834efc582f5787a85a647c8f985b041c25f0c3c12fb34abcbc7be78fcbc0209057667e5f3e5387af4a6c3c84194f0412363063e1b799ea9f987af4974bce809037435757be1b84a78b6c3c8019450c13763863e9b7d9f5c5eb6a741549478090371547e79e19be3783240a8801c5bc577e3963ecf7cfc490ab4ac28c28338293171d27a3c74c3e3bc1238a9841e4fd573e3d63eef7cf81fffd8b8f940ba2f551a0af20ff41ab854c0b97fc8055b4f91170788072d0fc01fffd0b8f942ea7f150801e28f701ab8d543fc7ec8055b6f9116078c27b91f839f50c03cf506ea3a14d471c28f70d89cd517fc7e840fdbf299568784e7281fab5e08e07f75070a3a9de475a18ff8f0ecd4b7c47e04cfd31099d49384e7001f9d1418e0ff3cc74e3bbfc275f16f3060eac42f843604cef31819f493c4e7201fb404b8c2e61cf74eb97fcaf3fd7f10602ac40f04250c4e719819f493c4e7723f7f0c8cc2c618610a917b9afb3cff39682bc60f04610c4a61f81df4b3e0e7f23f770c4ac0c21c60a2817992bb3cbe1dea3f0e3e06f10cca61e81dc5f3a0f7f63fe7440a42e61c31e3c97d5bb97cbf1de2370eb602e10a8a61e21dc5f300f7c43fe5510262e21d30e10d7d5bc97ebf2df25f0ea602e10b9a61e21c45f318f7c43ffe0003fef800d0378363c6725370fc8589ff8942b807d27783fdfc020db36d8ffe2202ffff00303788424476fe60dc0701fe33483807f07783fdff4205b31d9ffc0604f6fe20303fe44000e7fec00c477e7c336c7c07716701ecff4207b3979f0402d00f040000d00f00d00f00d00f0051343d390a36958dcf1e71f0f1a41f48873e640df1c0ffb80c39f21ef10c16f3de1c8c33fff87e0785fc9c73714c0c07f3fc9c01654497db7830000ffdf0f0020a00fffa9ff0d8af8150342f005f9fdf602d4fd8309ce0783654282dd7d68f27f070e1f8480109c307c101c70d79cf4b70718c3ce951787b8ff1b9031dcbafdb3047f7fc05d00f040000d00f00d00f00d00f00513e504272918ce383ce7393952ce8c37325370a88cd61620ecd8d9974e67e1b3f0ec8cf3c0ecbe10fce20e1cbd0230f58b0830f3c0fcff11e0e24b3cfc5738ff8f0571a3a61871c0c10f1e19fc357e5ae0e70b50c7a1ef1bf1ad8e1704c0e71a19f739e7bcf3d7f233ec780862039c41ede32fdbe366630c1e26544a9b0164d5d330c1f06d00f040000d00f00d00f00d00f00503047422fcf7418c1365e7037de5e189f0721e0c0d341bc3b7c6cda7707db3160f88187198301fffe41c26e1db0e1df40fefe2001e77f98e21f0ee00d82805d5e00fff6045bdd74d10032d67fd1b5240adbbfc4a9d5a07d4bdbfc04c40b4bc23fa046dbeff84fe3a0b51fab17e14c1f2c231787e55dac0b0c8fc6176971030f128cfac007d00f040000d00f00d00f00d00f003d140e21d1fe7c1dbe0355e07ebdb0730f031d06e8f847c3aa0765d07c72383cd0e0af031c75e44b1bbcc603304607b9ce83307c4f8bf0f123760f0870fb8f14d47babeb1698879a50267879527989a605e7aaaa555faa9a5565a868fff85796aa8655596e40e7cc036366020fd9f83f0f90bdbef06c3e0461e04f0fc0c9cfcdefbe430200000000000000002b9220b2299230a62b9230eb2af232293af232282ef2b23c2ef0a20c26f4a20c13f4a20c40d4a008405420085054201f1054322650543222c0541222c0575222c2768002c27680c7e276848ee65684aa6ade84aa2ade84aa0ade84ab0b9e8db8099ecd98189e5bc8699d3ac8e99c6a85a998ae828998a6828bdbb482efda7cd2e7da1cf161db1ce0f0591ee0d0783ee0c078366480783648c07c2649c07c62ca411cf3ca021cf0ea325c102a12f1d8696f	2026-11-29 13:42:11.859+00
\.
-- Data for Name: frame_index_1; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.frame_index_1 (library_number, fingerprint_id, time_ms, hash) FROM stdin;
1	1	0	1010110101001110001011010110100101010100101000010001000011010111110100101001010111110000110000100010010000110111101001110010110101111001011110010100100111101001110100101101011000010110000101101011011010100000000010010011100101101001011001111111111111000110
1	1	1000	1000000101010010010111010001101001010011100011100101110010100001010100101011110111101110101000011010011110001101101010001111010100101001010100101110110101010001010000110100111001010001011110101001011010101100110100101011001100101101001011010010101111001110
1	1	2000	1000110110001101001111111010010001111111111000001001111111100000011111111100100011111111111001100001111110001100100001111110000000100111011000001001110110011000011001110110001010011001110010000111010001100010010000101011010010010101000111000010001000110001
1	1	3000	0011111011100101110111011111001011100111011100110011000110001110110000011110011000011011011100100001111001110000111011101110001011100111100110000111011001101100011110011011001000110010010001101101100000110011001000000010110001100000000011001100000010011101
1	1	4000	0110110100110010100101111111001011001001111100100001111011010000001001111111100001100011110110110001110101100110001100101001101101100001001110111100100001100111011001100101101101100001001001101001010001111011111000100011000011001001100011001000000001001111
1	1	5000	1011001010010111011010010011101110010000100100110110100110011011011001000011011110010000010011111011000010010111101010000101101110010000100101111011010000110011010010110110110110110000110011101110001001011011110101100011000000110011010011000110100101001111
1	1	6000	1110000000000001110001111111100011000000100011111111100111101001000000001111001111100000010000100111111111001100010000000111111100111110000000000010011100011111001111100011111000001000001110101001100000110111011111111110110001000000111111101110111110000001
1	1	7000	0001110110100000001110011100011110011100100000100000111110001110000011111000011111111110000000111011110110110011100010000001111111101101000001101111000011111110111100000111111010000010000100101011000000111011001111001111100011000000110011100001111100100001
1	1	0	0001010101011010010100111010101000001010100011100110101010111011111010101011110101010010101000011110010101010101100101010101101110000101010111001001110100001010011010000101011000101010011110100001101010110101110110111000000111010110101001110010110001001110
1	1	0	0110100110011111101011100010101001010101101000101001000101011101101011010101010101100010001010000110001010101111110111100010100000010101010100111111011111011101101010100101010101011010001010100101010110001010000101010000100010101010010101010100110111010111
1	1	0	0011010110101001001101011010001110100100101111110011110010100110001001011011010010101100101101001100001110100101010010000001111001011011111001110100101110101000110110100100000110011010010010111000001000101001101100100101111110100011110111010110010110110000
1	1	0	0000100011001110001100100011011111111111111000011001101100111000010101001000000101101100100011000010001001110111001111000100011111001001001110110011011011011100111101101110110000001001001000110000000000010100111011111101100111111011011011101000001001101100
1	2	0	0100011001100111101011001011100000000111000001111100001101001110000011001111000101110111000111101100001100011011000001101110010000111101100001100101101000111011011011000011011110110011110011000111000000111110001111000011110001100001100111101100001100110011
1	2	1000	1100110101000111111001111000111101111100111000110110000011110011100011110000111101110110010001110111001110011011110000000110000101100001000001110010111010011010000110001110000101100011100011101100111000011000001110001111000000011110101111001000010101000011
1	2	2000	0000011011010101110010010110000000111100000111100000000000110001110000111110000100011100000111111110001100111011001111111100111011111001111100011101000000111110001001001100001101111111000001110001111000011111110000111100000011101001111000001001111000010111
1	2	3000	1110110010100000011001010100111110000111110101110111101101101100011101001101100011111001001011001000110000111100101000000011110011000011110000110000011111100110100101011100000011111001000000010110000001011011100111100011111001001000011111000110010011011011
1	2	4000	1001111010101001111110011000011110101111010010010111010010111100111010000000100100000011011101000011010101110101011110111110000110111000010010100111100010110110110000111100100000000001100101000101000011000001001101110110001110000110001111101001101101111101
1	2	5000	1100000000011111111111111101000010111000111110010100001011101010011111110001010100001000000000011110001010001111011100000001101010111000110101010100001111111100011111101100100000000101010110110110111110010001000101100000011110001100001001111011100100011111
1	2	6000	1011010000000100101110001100001011100110000111001111011101001110101110010111111111001010111100111111110101111111000100000110000000101010110001000000111100000100001001010000110001001110011100011001100000011001111101001001001111000100111001110111001000111111
1	2	7000	1110010101010001000000100110001011100010000111010011000011100001000011010111110101011011110010010111111010111111001011011111001001011111000011101010011000000010111000010000101110011010011000011110001000011100010001011111001100011000111101111100010000111111
1	2	0	0000101000110110100101011000110111001111000111100111000111110000111100011010010000011111010010001000011100111110011001000000110111110001110000001111111110111000000011000011100111110010000111101111000100001100000101101111001111011110000111001000110000110011
1	2	0	0111001010010001100011001110001110000011110011100111001110010011100101010010110011101000110000110111001100100101001101110000101010001000110011010110000101100010000011101100110110001101100110010111010011100110011111100001101100111111000011101100100011001111
1	2	0	0010111111001111011101000001100011000001001101100101111001110000001101111101111001011110000110001001111100000111001000011110000011000000110100110100000110111100001110110111110001101100110110100111011100000111110110110011000101100000111110001000000110000111
1	2	0	1101000111111110011111000001110110111110000000110101010111100000011111101011110110110000011100110000111100000011000111010000011011101000111110000100011111000011101010100000011101100101110100000111110001110010001110000011110011010000111000001010111100000011
\.
-- Data for Name: jobs; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.jobs (job_id, seq, state, tag, rule_type, dna_db_id, video_id, bucket, region, object, job_level, user_data, queue_id, callback, secret_id, request_hash, stage, progress, attempts, claims, worker_id, lease_until, dispatched_at, code, message, cause, result, created_at, started_at, ended_at, bytes) FROM stdin;
j945f47f5b7f60af3b593acb965384c05	1	Success	DNA	GetFingerPrint	Dbdd77e1ac8d0793afc720862d9b729c8a	\N	kinoprint-1250000000	local	film.mp4	0	\N	p5417eaf0f76f403ab225ab6a3d5cd167	\N	AKIDupgradeRehearsal	e5e9121820800b1decd6b91862909ebaf961aebf09be4ef25fa5c272b5fd89b6		1	1	1	\N	\N	\N	\N	\N	\N	{"videoId": "dv945f47f5b7f60af3b593acb965384c05", "detections": [], "durationSeconds": 8}	2026-11-29 13:42:05.628+00	2026-11-29 13:42:05.825+00	2026-11-29 13:42:09.445+00	\N
j0f32170a05cf2e64497ae9f37f0980db	2	Success	DNA	GetFingerPrint	Dbdd77e1ac8d0793afc720862d9b729c8a	\N	kinoprint-1250000000	local	other.mp4	0	\N	p5417eaf0f76f403ab225ab6a3d5cd167	\N	AKIDupgradeRehearsal	5079e1aed5b2467351709757604a635dce897c200fea4408a78911a85cc196e3		1	1	1	\N	\N	\N	\N	\N	\N	{"videoId": "dv0f32170a05cf2e64497ae9f37f0980db", "detections": [], "durationSeconds": 8}	2026-11-29 13:42:09.535+00	2026-11-29 13:42:09.595+00	2026-11-29 13:42:11.936+00	\N
j37b7cc3ac9b770efd71aab9d67ff3bd2	3	Success	DNA	FindSimilarVideo	Dbdd77e1ac8d0793afc720862d9b729c8a	\N	kinoprint-1250000000	local	query.mp4	0	\N	p5417eaf0f76f403ab225ab6a3d5cd167	\N	AKIDupgradeRehearsal	a3c9f374cfb3d3fb865d9516c88f58f4b1f9ca3c014b89bec213b745a6db7aa6		1	1	1	\N	\N	\N	\N	\N	\N	{"videoId": "dv37b7cc3ac9b770efd71aab9d67ff3bd2", "detections": [{"score": 0.9759, "object": "film.mp4", "similar": 100, "videoId": "dv945f47f5b7f60af3b593acb965384c05", "segments": [{"kind": "both", "turn": 0, "score": 0.9759, "speed": 1, "refEnd": 8, "mirrored": false, "queryEnd": 8, "refStart": 0, "reversed": false, "queryStart": 0}], "refCoverage": 1, "audioSimilar": 100, "queryCoverage": 1, "durationSeconds": 8}], "durationSeconds": 8}	2026-11-29 13:42:11.994+00	2026-11-29 13:42:12.106+00	2026-11-29 13:42:14.33+00	\N
\.
-- Data for Name: libraries; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.libraries (number, dna_db_id, name, description, capacity, bucket, region, min_similar, detect_on_store, video_count, total_ms, total_frames, created_at, updated_at) FROM stdin;
1	Dbdd77e1ac8d0793afc720862d9b729c8a	e2e cd743a81-db9e-4de7-b452-56fc2768a15f		10000	kinoprint-1250000000	local	0	t	2	16000	64	2026-11-29 13:42:04.736+00	2026-11-29 13:42:04.736+00
\.
-- Data for Name: queues; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.queues (queue_id, name, state, max_size, max_concurrent, notify, created_at, updated_at, waiting_at_most, waiting_counted_at, bucket, region) FROM stdin;
p5417eaf0f76f403ab225ab6a3d5cd167	default	Active	10000	10	{"url": "", "type": "Url", "event": "TaskFinish,WorkflowFinish", "state": "Off", "mqMode": "", "mqName": "", "mqRegion": "", "resultFormat": "XML"}	2026-11-29 13:41:48.525+00	2026-11-29 13:41:48.525+00	1	2026-11-29 13:42:11.98524+00	kinoprint-1250000000	local
\.
-- Data for Name: schema_version; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.schema_version (version, name, applied_at) FROM stdin;
1	0001-initial-schema.sql	2026-11-29 13:41:48.208374+00
\.
-- Data for Name: turns; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.turns (kind, name, turn) FROM stdin;
bucket	kinoprint-1250000000	5
key	AKIDupgradeRehearsal	6
\.
-- Data for Name: usage; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.usage (secret_id, dna_db_id, rule_type, jobs, processed_ms) FROM stdin;
AKIDupgradeRehearsal	Dbdd77e1ac8d0793afc720862d9b729c8a	GetFingerPrint	2	16000
AKIDupgradeRehearsal	Dbdd77e1ac8d0793afc720862d9b729c8a	FindSimilarVideo	1	8000
\.
-- Data for Name: videos; Type: TABLE DATA; Schema: kinoprint; Owner: -
COPY kinoprint.videos (video_id, library_number, bucket, region, object, etag, duration_seconds, width, height, has_audio, frame_count, fingerprint_id, created_at, updated_at) FROM stdin;
dv945f47f5b7f60af3b593acb965384c05	1	kinoprint-1250000000	local	film.mp4	"aa9a1b43b1621def4de3285a18bfa2ab"	8	160	90	t	32	1	2026-11-29 13:42:09.44+00	2026-11-29 13:42:09.44+00
dv0f32170a05cf2e64497ae9f37f0980db	1	kinoprint-1250000000	local	other.mp4	"63ec5ae34672f36b7bf167c227f74b31"	8	160	90	t	32	2	2026-11-29 13:42:11.936+00	2026-11-29 13:42:11.936+00
\.
SELECT pg_catalog.setval('kinoprint.deliveries_id_seq', 1, false);
SELECT pg_catalog.setval('kinoprint.fingerprints_id_seq', 2, true);
SELECT pg_catalog.setval('kinoprint.jobs_seq_seq', 3, true);
SELECT pg_catalog.setval('kinoprint.libraries_number_seq', 1, true);
SELECT pg_catalog.setval('kinoprint.turn_numbers', 6, true);
ALTER TABLE ONLY kinoprint.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (secret_id);
ALTER TABLE ONLY kinoprint.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);
ALTER TABLE ONLY kinoprint.fingerprints
    ADD CONSTRAINT fingerprints_pkey PRIMARY KEY (id);
ALTER TABLE ONLY kinoprint.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (job_id);
ALTER TABLE ONLY kinoprint.jobs
    ADD CONSTRAINT jobs_seq_key UNIQUE (seq);
ALTER TABLE ONLY kinoprint.libraries
    ADD CONSTRAINT libraries_dna_db_id_key UNIQUE (dna_db_id);
ALTER TABLE ONLY kinoprint.libraries
    ADD CONSTRAINT libraries_pkey PRIMARY KEY (number);
ALTER TABLE ONLY kinoprint.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (queue_id);
ALTER TABLE ONLY kinoprint.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY kinoprint.turns
    ADD CONSTRAINT turns_pkey PRIMARY KEY (kind, name);
ALTER TABLE ONLY kinoprint.usage
    ADD CONSTRAINT usage_pkey PRIMARY KEY (secret_id, dna_db_id, rule_type);
ALTER TABLE ONLY kinoprint.videos
    ADD CONSTRAINT videos_fingerprint_id_key UNIQUE (fingerprint_id);
ALTER TABLE ONLY kinoprint.videos
    ADD CONSTRAINT videos_library_number_bucket_object_key UNIQUE (library_number, bucket, object);
ALTER TABLE ONLY kinoprint.videos
    ADD CONSTRAINT videos_pkey PRIMARY KEY (video_id);
CREATE INDEX audio_index_buckets ON ONLY kinoprint.audio_index USING btree (bucket_key) INCLUDE (time_ms, fingerprint_id, hash);
CREATE INDEX audio_index_1_bucket_key_time_ms_fingerprint_id_hash_idx ON kinoprint.audio_index_1 USING btree (bucket_key) INCLUDE (time_ms, fingerprint_id, hash);
CREATE INDEX audio_index_1_fingerprint_id_idx ON kinoprint.audio_index_1 USING btree (fingerprint_id);
CREATE INDEX deliveries_by_job ON kinoprint.deliveries USING btree (job_id);
CREATE INDEX deliveries_due ON kinoprint.deliveries USING btree (tenant, next_at) INCLUDE (host) WHERE (status = 'Pending'::text);
CREATE INDEX fingerprints_by_library ON kinoprint.fingerprints USING btree (library_number);
CREATE INDEX frame_index_buckets ON ONLY kinoprint.frame_index USING btree (bucket_key) INCLUDE (time_ms, fingerprint_id, hash);
CREATE INDEX frame_index_1_bucket_key_time_ms_fingerprint_id_hash_idx ON kinoprint.frame_index_1 USING btree (bucket_key) INCLUDE (time_ms, fingerprint_id, hash);
CREATE INDEX frame_index_1_fingerprint_id_idx ON kinoprint.frame_index_1 USING btree (fingerprint_id);
CREATE INDEX jobs_by_age ON kinoprint.jobs USING btree (created_at, seq);
CREATE INDEX jobs_by_bucket ON kinoprint.jobs USING btree (bucket, state, created_at, seq);
CREATE INDEX jobs_by_end ON kinoprint.jobs USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX jobs_by_library ON kinoprint.jobs USING btree (dna_db_id, created_at, seq);
CREATE INDEX jobs_by_object ON kinoprint.jobs USING btree (object, created_at, seq);
CREATE INDEX jobs_by_queue ON kinoprint.jobs USING btree (queue_id, state, created_at, seq);
CREATE INDEX jobs_by_request ON kinoprint.jobs USING btree (request_hash, created_at) WHERE (request_hash IS NOT NULL);
CREATE INDEX jobs_by_rule ON kinoprint.jobs USING btree (rule_type, created_at, seq);
CREATE INDEX jobs_by_state ON kinoprint.jobs USING btree (state, created_at, seq);
CREATE INDEX jobs_in_turn ON kinoprint.jobs USING btree (queue_id, COALESCE(secret_id, ''::text), job_level DESC, seq) WHERE (state = 'Submitted'::text);
CREATE INDEX jobs_running ON kinoprint.jobs USING btree (queue_id) WHERE (state = 'Running'::text);
CREATE INDEX jobs_to_dispatch ON kinoprint.jobs USING btree (job_level DESC, seq) WHERE (state = 'Submitted'::text);
CREATE INDEX jobs_to_restore ON kinoprint.jobs USING btree (job_level DESC, seq) WHERE ((state = 'Submitted'::text) AND (dispatched_at = '-infinity'::timestamp with time zone));
CREATE INDEX jobs_waiting ON kinoprint.jobs USING btree (queue_id) WHERE (state = ANY (ARRAY['Submitted'::text, 'Pause'::text]));
CREATE INDEX jobs_waiting_by_key ON kinoprint.jobs USING btree (secret_id) WHERE ((state = ANY (ARRAY['Submitted'::text, 'Pause'::text])) AND (secret_id IS NOT NULL));
CREATE UNIQUE INDEX queues_by_bucket ON kinoprint.queues USING btree (bucket, region);
CREATE INDEX videos_by_age ON kinoprint.videos USING btree (library_number, created_at DESC, video_id);
CREATE INDEX videos_by_bucket ON kinoprint.videos USING btree (bucket, created_at DESC, video_id);
CREATE INDEX videos_by_object ON kinoprint.videos USING btree (object);
CREATE INDEX videos_by_time ON kinoprint.videos USING btree (created_at DESC, video_id);
ALTER INDEX kinoprint.audio_index_buckets ATTACH PARTITION kinoprint.audio_index_1_bucket_key_time_ms_fingerprint_id_hash_idx;
ALTER INDEX kinoprint.frame_index_buckets ATTACH PARTITION kinoprint.frame_index_1_bucket_key_time_ms_fingerprint_id_hash_idx;
ALTER TABLE ONLY kinoprint.deliveries
    ADD CONSTRAINT deliveries_job_id_fkey FOREIGN KEY (job_id) REFERENCES kinoprint.jobs(job_id) ON DELETE CASCADE;
ALTER TABLE ONLY kinoprint.fingerprints
    ADD CONSTRAINT fingerprints_library_number_fkey FOREIGN KEY (library_number) REFERENCES kinoprint.libraries(number) ON DELETE CASCADE;
ALTER TABLE ONLY kinoprint.jobs
    ADD CONSTRAINT jobs_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES kinoprint.queues(queue_id);
ALTER TABLE ONLY kinoprint.videos
    ADD CONSTRAINT videos_fingerprint_id_fkey FOREIGN KEY (fingerprint_id) REFERENCES kinoprint.fingerprints(id);
ALTER TABLE ONLY kinoprint.videos
    ADD CONSTRAINT videos_library_number_fkey FOREIGN KEY (library_number) REFERENCES kinoprint.libraries(number) ON DELETE CASCADE;
