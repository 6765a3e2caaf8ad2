-- Plates that are looked for, and the crossings that may be one of them. Nothing here is deleted.

create table watch_entry (
  id uuid primary key,
  plate text not null,
  -- 'us-ca'; null when the issuer named none. What was read and differs is said, it excludes nothing.
  jurisdiction text,
  issuer text not null,
  reason text not null,
  -- Characters that may be mistaken for ones that look like them.
  tolerance smallint not null check (tolerance between 0 and 2),
  expires_at timestamptz not null,
  made_at timestamptz not null,
  made_by uuid not null references account,
  -- The import that it came with; null when it was made by itself.
  import uuid,
  -- Salts of the commitments in the log: to the terms, and to who made it.
  terms_salt bytea not null,
  made_salt bytea not null,
  -- In force from the moment that the log has it.
  log_index bigint,
  -- A withdrawal holds from the moment that the log has it.
  withdrawn_at timestamptz,
  withdrawn_by uuid references account,
  withdrawn_reason text,
  withdrawal_salt bytea,
  withdrawal_log_index bigint
);
create index watch_entry_made on watch_entry (made_at desc, id desc);
create index watch_entry_plate on watch_entry (plate);
create index watch_entry_expiry on watch_entry (expires_at) where withdrawal_log_index is null;

-- A crossing whose plate an entry accepts: a possible match until a person has judged it.
create table watch_hit (
  id uuid primary key,
  entry uuid not null references watch_entry,
  crossing uuid not null,
  received_at timestamptz not null,
  lane text not null,
  at timestamptz not null,
  basis text not null check (basis in ('read', 'alternative', 'verdict')),
  -- What matched, uncorrected, and where it differs from the entry's plate, from 0.
  text text not null,
  positions smallint[] not null,
  jurisdiction text not null check (jurisdiction in ('agrees', 'compatible', 'disagrees', 'unknown')),
  state text not null default 'unconfirmed' check (state in ('unconfirmed', 'confirmed', 'rejected')),
  commitment_salt bytea not null,
  -- Nobody is told of it before the log has it.
  log_index bigint,
  -- A verdict holds from the moment that the log has it; until then it is only claimed.
  verdict text check (verdict in ('confirmed', 'rejected')),
  judged_at timestamptz,
  judged_by uuid references account,
  judged_note text,
  judgement_salt bytea,
  judgement_log_index bigint,
  unique (entry, crossing)
);
create index watch_hit_at on watch_hit (at desc, id desc);
create index watch_hit_open on watch_hit (at, id) where state = 'unconfirmed';
create index watch_hit_crossing on watch_hit (crossing);
create index watch_hit_unlogged on watch_hit (at) where log_index is null;

-- Reads by skeleton (alike characters made equal, as in core's watch.ts): what a preview counts.
create index crossing_alike on crossing
  (translate(plate_text, 'ODQILTBSZG', '0001118526'), received_at desc);
create index verdict_alike on verdict (translate(text, 'ODQILTBSZG', '0001118526'))
  where state = 'logged';
