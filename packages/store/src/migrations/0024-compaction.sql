-- The place of a body whose ciphertext is gone too: none. Bodies that are kept always have one.
alter table capture alter column segment drop not null;
alter table capture alter column position drop not null;
alter table capture add constraint capture_place_kept
  check (segment is not null and position is not null or shredded_at is not null);
