-- Stored headers are under a KEK (specs/seal.md); null is what a hub of before left under an epoch.
alter table capture add column kek uuid;
alter table evaluation add column kek uuid;
create index capture_kek on capture (kek);
-- What is still to be re-wrapped: empty but for the first start after the migration.
create index capture_under_epoch on capture (received_at, id) where kek is null;

-- The last word of a device that days are over for it.
create table day_closed (
  device uuid primary key references device,
  through date not null,
  last_sequence bigint not null,
  statement bytea not null,
  signature bytea not null,
  received_at timestamptz not null,
  log_index bigint not null,
  -- All sequences up to here have arrived: nobody counts them again.
  arrived_through bigint not null default 0
);

-- People who declared that what has not come of a day is lost; two make it so.
create table epoch_rest_lost (
  port text not null references port,
  day date not null,
  account uuid not null references account,
  at timestamptz not null,
  commitment_salt bytea not null,
  log_index bigint,
  primary key (port, day, account)
);

-- Epochs whose identity was destroyed, or will be as soon as the log has it.
create table epoch_end (
  port text not null references port,
  day date not null,
  recipient text not null,
  how text not null check (how in ('closed', 'declared_lost', 'expired')),
  at timestamptz not null,
  log_index bigint,
  -- When the identity's file was erased.
  erased_at timestamptz,
  primary key (port, day)
);
