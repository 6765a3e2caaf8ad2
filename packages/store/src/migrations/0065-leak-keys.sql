-- A plate that was read in a found file is looked up as a whole, with every text a character away from it:
-- hundreds of texts at once, each of which the index of parts of plates would have to be scanned for.
create index crossing_plate_whole on crossing (plate_folded) where plate_folded is not null;
create index crossing_verdict_whole on crossing (verdict_folded) where verdict_folded is not null;

-- Stored faces are read into memory page by page while a search runs.
create index face_template on face (received_at, id) where template is not null;

-- Faces that a found one could be led back to when the search began; null where faces are off.
alter table leak_search add column faces_described bigint;
