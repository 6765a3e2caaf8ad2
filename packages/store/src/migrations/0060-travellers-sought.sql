-- Travellers who are looked for by a photograph, the faces that may be theirs, and what people said of them.

create table traveller_sought (
  id uuid primary key,
  issuer text not null,
  reason text not null,
  expires_at timestamptz not null,
  -- As far as they are known.
  name text,
  born date,
  document_issuer text,
  document_number text,
  -- Identity of the model that described the photograph; templates of two are never compared.
  model text not null,
  -- Of this entry alone; destroyed when it ends.
  kek uuid not null,
  -- Sealed; null once the entry is over.
  template bytea,
  quality jsonb,
  photo_header bytea,
  photo_body bytea,
  photo_sha256 bytea not null,
  made_at timestamptz not null,
  made_by uuid not null references account,
  terms_salt bytea not null,
  made_salt bytea not null,
  -- In force from the moment that the log has it.
  log_index bigint,
  -- Withdrawn by a person, or by the clock: then nobody is named.
  ended_at timestamptz,
  ended_by uuid references account,
  ended_reason text,
  end_salt bytea,
  end_log_index bigint,
  check (end_log_index is null or (template is null and photo_header is null and photo_body is null))
);
create index traveller_sought_made on traveller_sought (made_at desc, id desc);
create index traveller_sought_open on traveller_sought (expires_at) where end_log_index is null;

-- A face that may be of somebody who is looked for. It goes with the picture that it was seen in.
create table traveller_hit (
  id uuid primary key,
  entry uuid not null references traveller_sought,
  crossing uuid not null,
  received_at timestamptz not null,
  lane text not null,
  -- The picture of the face.
  capture uuid not null,
  at timestamptz not null,
  -- Made of the verdicts in the order of the log.
  state text not null default 'unconfirmed' check (state in ('unconfirmed', 'confirmed', 'rejected')),
  commitment_salt bytea not null,
  -- Nobody is told of it before the log has it.
  log_index bigint,
  unique (entry, capture)
);
create index traveller_hit_at on traveller_hit (at desc, id desc);
create index traveller_hit_open on traveller_hit (at, id) where state = 'unconfirmed';
create index traveller_hit_crossing on traveller_hit (crossing);
create index traveller_hit_capture on traveller_hit (capture);
create index traveller_hit_unlogged on traveller_hit (at) where log_index is null;

-- What one person said of it. It counts from the moment that the log has it; until then it is only claimed.
create table traveller_verdict (
  id uuid not null unique,
  hit uuid not null references traveller_hit on delete cascade,
  account uuid not null references account,
  verdict text not null check (verdict in ('confirmed', 'rejected')),
  at timestamptz not null,
  note text,
  -- Of the commitments in the log: to hit and verdict, and to who gave it.
  what_salt bytea not null,
  by_salt bytea not null,
  log_index bigint,
  primary key (hit, account)
);
