-- What could have been obtained of a crossing, read from one index: months in the order of receipt, so that
-- a port's crossings meet its pages one after the other, and a new row goes to the end of it.
-- Of years of pictures the index takes minutes.
set local statement_timeout = 0;
create index capture_reach on capture (received_at, crossing) include (id, class, shredded_at);
