-- How long things are kept, what keeps them longer, and what was shredded.

-- Every policy that was ever chosen; the newest that the log has is in force.
create table retention_policy (
  id uuid primary key,
  -- The pack it was taken from; null for one of their own.
  pack text,
  policy jsonb not null,
  sha256 bytea not null,
  made_at timestamptz not null,
  made_by uuid not null references account,
  made_salt bytea not null,
  -- Size of the log when it was chosen: its entry, if there is one, is not before.
  log_from bigint not null,
  log_index bigint
);
create unique index retention_policy_log_index on retention_policy (log_index);

-- What must not be shredded until it expires. Its acts say who asked, approved and lifted.
create table legal_hold (
  id uuid primary key,
  scope text not null check (scope in ('crossing', 'plate', 'lane', 'port')),
  crossing uuid,
  -- In clear while it is needed to find what it covers; null again once the hold is over.
  plate text,
  plate_folded text,
  lane text,
  from_day date,
  to_day date,
  reason text not null,
  expires_at timestamptz not null,
  -- Of the commitment to all this; null once the plate is gone.
  scope_salt bytea,
  check ((scope = 'crossing') = (crossing is not null)),
  check ((scope = 'lane') = (lane is not null and from_day is not null and to_day is not null))
);

-- An act counts when the log has it; until then it only keeps another from coming between.
create table hold_act (
  hold uuid not null references legal_hold,
  act text not null check (act in ('requested', 'approved', 'lifted')),
  at timestamptz not null,
  account uuid not null references account,
  note text,
  salt bytea not null,
  log_from bigint not null,
  log_index bigint,
  primary key (hold, act)
);

-- Bodies of one class and UTC day that are shredded together: asked for, and, later, effective.
create table shredding (
  id uuid primary key,
  policy uuid not null references retention_policy,
  class text not null,
  day date not null,
  -- The key that is destroyed, and those that what stays is put under first: what is not due yet, and
  -- what is held.
  kek uuid not null,
  kept_kek uuid,
  held_kek uuid,
  bodies integer not null,
  bytes bigint not null,
  requested_at timestamptz not null,
  log_from bigint not null,
  log_index bigint,
  -- Of the commitment to the captures; null once it is effective.
  what_salt bytea,
  keys_destroyed_at timestamptz,
  rows_erased_at timestamptz,
  effective_at timestamptz,
  effective_log_index bigint,
  -- A hold came first: nothing was destroyed.
  stopped_at timestamptz,
  stopped_log_index bigint
);
create index shredding_at on shredding (requested_at desc, id desc);
create index shredding_open on shredding (requested_at)
  where effective_log_index is null and stopped_log_index is null;

-- Rows that went with their pictures, so that the log's entries of them are not missed.
create table shredded_row (
  kind text not null check (kind in ('verdict', 'watch_hit')),
  id uuid not null,
  shredding uuid not null references shredding,
  log_index bigint,
  primary key (kind, id)
);

alter table capture
  -- Set when its shredding is asked for: from then on it is not opened.
  add column shredding uuid,
  -- Its key is destroyed; the header is empty from here on.
  add column shredded_at timestamptz;
-- What is still to be judged: nothing of what was shredded.
create index capture_kept on capture (class, received_at) where shredding is null;
create index capture_shredding on capture (shredding) where shredding is not null;
