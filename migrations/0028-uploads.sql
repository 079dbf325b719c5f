-- Uploads in parts, and the parts received so far. The bytes of a part are in its bucket, under the name in `staged`.
create table uploads (
  upload_id text primary key,
  bucket text not null,
  object text not null,
  secret_id text not null,
  created_at timestamptz not null default clock_timestamp()
);
create index uploads_by_object on uploads (bucket, object, created_at);
create index uploads_by_age on uploads (created_at);

create table upload_parts (
  staged text primary key,
  upload_id text not null references uploads on delete cascade,
  number int not null,
  -- Null while the part is received.
  size bigint,
  etag text,
  received_at timestamptz
);
create index upload_parts_by_number on upload_parts (upload_id, number, received_at);
