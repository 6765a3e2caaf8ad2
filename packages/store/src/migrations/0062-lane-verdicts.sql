-- What was said at a lane's own page while the hub was out of reach, as it came and was opened.

create table lane_verdict (
  -- Also the id of the step that it became.
  id uuid primary key,
  device uuid not null references device,
  crossing uuid not null,
  received_at timestamptz not null,
  kind text not null check (kind in ('admitted', 'referred', 'opted_out')),
  code text,
  note text,
  -- As it was stated at the lane: nobody signed in there.
  stated_name text not null,
  -- By the device's clock.
  given_at timestamptz not null,
  arrived_at timestamptz not null,
  -- As the device signed it; its commitment is to what is above, under this salt.
  statement bytea not null,
  signature bytea not null,
  salt bytea not null,
  -- Among the crossing's steps; null: people had decided at the hub meanwhile, and it does not count.
  place integer check (place >= 1),
  log_from bigint not null,
  log_index bigint,
  check ((kind = 'referred') = (code is not null))
);
create index lane_verdict_crossing on lane_verdict (crossing);
create index lane_verdict_pending on lane_verdict (log_from) where log_index is null;

-- A step of nobody's account is one of these.
alter table window_step alter column account drop not null;
alter table window_step alter column by_salt drop not null;
alter table window_step alter column terms_salt drop not null;
alter table window_step add check ((account is null) = (by_salt is null));
alter table window_step add check ((account is null) = (terms_salt is null));

-- What the officer who leaves a lane writes for the one who comes.
create table handover (
  id uuid primary key,
  lane text not null references lane,
  note text not null,
  -- The referrals of the lane that were open when it was written.
  referrals uuid[] not null,
  terms_salt bytea not null
);
create index handover_lane on handover (lane);

create table handover_act (
  handover uuid not null references handover on delete cascade,
  act text not null check (act in ('written', 'taken')),
  account uuid not null references account,
  at timestamptz not null,
  salt bytea not null,
  log_from bigint not null,
  log_index bigint,
  primary key (handover, act)
);
create index handover_act_pending on handover_act (log_from) where log_index is null;
