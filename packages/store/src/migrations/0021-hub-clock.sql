-- When the hub's clock was last believed: a start long after that asks somebody what time it is.
create table clock_trusted (
  one boolean primary key default true check (one),
  at timestamptz not null
);
insert into clock_trusted (at)
  select max(last_seen_at) from device having max(last_seen_at) is not null;

-- People who said what time it is, so that keys and pictures are destroyed by it again.
create table clock_confirmation (
  id uuid primary key,
  at timestamptz not null,
  account uuid not null references account,
  commitment_salt bytea not null,
  log_index bigint
);
