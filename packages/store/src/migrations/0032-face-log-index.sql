-- The highest entry of the log that rows refer to is asked at every start.
create index face_log_index on face (log_index);
