-- The mark that the copy of an opening carries: a random release id and the month of the key that
-- wrote it. Null for what was shown before copies were marked, for refusals, and for what never
-- left the hub. What a found copy says means something only through this column.
alter table opening add column mark text check (mark ~ '^[0-9a-f]{16}$');
alter table opening add column mark_epoch text check (mark_epoch ~ '^\d{4}-\d{2}$');
create unique index opening_mark on opening (mark) where mark is not null;
