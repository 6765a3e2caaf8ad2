-- Work at lanes: who comes for what, who let it begin, and when it was over. Nothing here is deleted.
create table maintenance_order (
  id uuid primary key,
  lane text not null references lane,
  device uuid not null references device,
  -- As it stands on paper.
  number text not null,
  technician text not null,
  party text not null references party,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  made_at timestamptz not null,
  made_by uuid not null references account,
  terms_salt bytea not null,
  by_salt bytea not null,
  log_index bigint not null,
  -- By a second person, when the log has it.
  begun_at timestamptz,
  begun_by uuid references account,
  begun_salt bytea,
  begun_log_index bigint,
  over_at timestamptz,
  over_by uuid references account,
  over_salt bytea,
  over_log_index bigint,
  -- When somebody was told that it goes on past its time.
  overrun_at timestamptz,
  check ((begun_at is null) = (begun_log_index is null)),
  check ((over_at is null) = (over_log_index is null)),
  check (begun_by <> made_by)
);
-- A lane is in one maintenance at a time.
create unique index maintenance_under_way on maintenance_order (lane)
  where begun_at is not null and over_at is null;
create index maintenance_made on maintenance_order (made_at desc, id);
