-- Facts about the file of a video, for lists. Null: stored before they were recorded.
alter table videos
  -- The name that ffprobe gives the codec of the picture, such as h264.
  add column codec text,
  -- Frames per second.
  add column fps double precision,
  -- Size of the file.
  add column bytes bigint;
-- For lists by length.
create index videos_by_length on videos (library_number, duration_seconds, video_id);
