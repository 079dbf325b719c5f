-- Videos of all libraries, and of a bucket, in the order in which they are listed.

create index videos_by_time on videos (created_at desc, video_id);
create index videos_by_bucket on videos (bucket, created_at desc, video_id);
