-- Rows of the first crossing. Big tables are partitioned by the month of receipt (the hub's clock):
-- a device's own clock may say anything and must not decide where a row lies.
create extension if not exists pg_trgm;

create table port (
  id text primary key,
  name text not null,
  zone text not null,
  created_at timestamptz not null
);

create table lane (
  id text primary key,
  port text not null references port,
  name text not null,
  direction text not null check (direction in ('in', 'out')),
  kind text not null check (kind in ('vehicle', 'walk', 'gate')),
  created_at timestamptz not null
);

create table device (
  id uuid primary key,
  lane text not null references lane,
  public_key bytea not null,
  enrolled_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text,
  last_sequence bigint not null default 0,
  last_manifest_sha256 bytea not null,
  last_seen_at timestamptz,
  boot text,
  clock_offset_ms integer,
  spool jsonb,
  camera text,
  software text,
  source text
);
create index device_lane on device (lane);

create table enrolment_code (
  code_sha256 bytea primary key,
  lane text not null references lane,
  expires_at timestamptz not null,
  device uuid references device
);

-- One row for each accepted (device, sequence): what makes intake idempotent.
create table intake (
  device uuid not null references device,
  sequence bigint not null,
  manifest_sha256 bytea not null,
  crossing uuid not null,
  received_at timestamptz not null,
  log_index bigint,
  primary key (device, sequence)
);
-- Accepted rows whose log entry is not known yet: empty but for the instant between the two.
create index intake_unlogged on intake (received_at) where log_index is null;
create index intake_log_index on intake (log_index);
-- A crossing has one origin: another device cannot put its own under the same id.
create unique index intake_crossing on intake (crossing);

create table crossing (
  id uuid not null,
  received_at timestamptz not null,
  captured_at timestamptz not null,
  port text not null,
  lane text not null,
  direction text not null,
  device uuid not null,
  sequence bigint not null,
  kind text not null check (kind in ('crossing', 'gap')),
  clock text not null check (clock in ('ok', 'skewed', 'review')),
  source text not null,
  manifest bytea not null,
  signature bytea not null,
  manifest_sha256 bytea not null,
  epoch_day date not null,
  log_index bigint,
  plate_kind text not null check (plate_kind in ('read', 'unsure', 'unreadable', 'none')),
  plate_text text,
  -- As read, with letter O as digit 0: what search compares.
  plate_folded text,
  plate_confidence real,
  -- The whole reads body: raw looks, vote, models. Never corrected.
  reads jsonb,
  primary key (id, received_at)
) partition by range (received_at);
create index crossing_lane on crossing (lane, received_at desc);
create index crossing_received on crossing (received_at desc, id);
create index crossing_plate on crossing using gin (plate_folded gin_trgm_ops);

create table capture (
  id uuid not null,
  received_at timestamptz not null,
  crossing uuid not null,
  class text not null check (class in ('scene', 'plate', 'face', 'reads')),
  bytes integer not null,
  sha256 bytea not null,
  -- The detached age header: without it the sealed body in the vault opens for nobody.
  header bytea not null,
  epoch_day date not null,
  segment integer not null,
  position bigint not null,
  primary key (id, received_at)
) partition by range (received_at);
create index capture_crossing on capture (crossing);
create index capture_place on capture (segment, position);

create table account (
  id uuid primary key,
  name text not null,
  roles text[] not null,
  created_at timestamptz not null,
  disabled_at timestamptz
);

create table sign_in_link (
  token_sha256 bytea primary key,
  account uuid not null references account,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table passkey (
  id text primary key,
  account uuid not null references account,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  created_at timestamptz not null
);

create table passkey_challenge (
  challenge text primary key,
  account uuid references account,
  expires_at timestamptz not null
);

create table session (
  token_sha256 bytea primary key,
  account uuid not null references account,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);

create table shift (
  account uuid primary key references account,
  lane text not null references lane,
  started_at timestamptz not null
);

create table opening (
  id uuid primary key,
  at timestamptz not null,
  capture uuid not null,
  capture_class text not null,
  crossing uuid not null,
  account uuid not null references account,
  purpose text not null,
  note text,
  outcome text not null check (outcome in ('opened', 'refused', 'failed')),
  code text,
  -- Salt of the commitment that stands in the log: shredding it unlinks the person from the entry.
  commitment_salt bytea not null,
  log_index bigint
);
create index opening_at on opening (at desc, id);
create index opening_crossing on opening (crossing);

create table alarm (
  id uuid primary key,
  kind text not null,
  device uuid,
  lane text,
  at timestamptz not null,
  last_at timestamptz not null,
  count integer not null default 1,
  detail text not null,
  log_index bigint,
  acknowledged_at timestamptz,
  acknowledged_by uuid references account,
  acknowledged_note text
);
-- One open alarm for each kind and device: repeats raise its count.
create unique index alarm_open on alarm (kind, coalesce(device, '00000000-0000-0000-0000-000000000000'), coalesce(lane, ''))
  where acknowledged_at is null;
create index alarm_at on alarm (at desc);
