-- Stored headers are under a KEK (specs/seal.md); null is what a hub of before left under an epoch.
alter table capture add column kek uuid;
alter table evaluation add column kek uuid;
create index capture_kek on capture (kek);
-- What is still to be re-wrapped: empty but for the first start after the migration.
create index capture_under_epoch on capture (received_at, id) where kek is null;
