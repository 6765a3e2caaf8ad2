-- Plates that were read surely and are shown to a person all the same, drawn at random: without them
-- verdicts would say nothing of reads that nobody doubts.

alter table crossing add column sampled boolean not null default false;
-- Beside crossing_waiting, and as small: what was drawn and waits.
create index crossing_sampled on crossing (received_at desc, id) include (lane)
  where sampled and plate_kind = 'read' and verdict is null;
