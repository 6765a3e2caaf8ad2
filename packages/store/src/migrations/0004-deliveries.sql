-- Who may use the plate reader from outside, and who is told of what happens here.

-- A token of an integrator's program. The secret is stored as a hash; the person answers for it.
create table access_token (
  id uuid primary key,
  account uuid not null references account,
  name text not null,
  purpose text not null,
  secret_sha256 bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid references account,
  last_used_at timestamptz,
  -- Salt of the commitment to the account that stands in the log.
  commitment_salt bytea not null,
  log_index bigint
);

-- One call of the plate reader: that it happened and what became of it, never what was read.
create table reading (
  id uuid primary key,
  token uuid not null references access_token,
  at timestamptz not null,
  bytes integer not null,
  plates integer,
  ms integer,
  -- Null while it runs; else 'read' or the code of the refusal.
  outcome text,
  log_index bigint
);
create index reading_token on reading (token, at);
create index reading_at on reading (at);

-- Somebody who is told of events: a webhook of a named person, or the broker of the settings.
create table subscription (
  id uuid primary key,
  kind text not null check (kind in ('webhook', 'mqtt')),
  -- Null for the broker: the operator's settings stand behind it.
  account uuid references account,
  name text not null,
  purpose text not null,
  url text not null,
  event_types text[] not null,
  -- Whether events carry plates in clear; only some purposes allow it.
  plates boolean not null,
  created_at timestamptz not null,
  -- Which of the derived secrets signs; the one before signs too until then.
  generation integer not null default 1,
  previous_until timestamptz,
  failures integer not null default 0,
  failing_since timestamptz,
  retry_at timestamptz,
  last_success_at timestamptz,
  last_failure text,
  disabled_at timestamptz,
  disabled_code text check (disabled_code in ('by_person', 'failing', 'gone', 'not_configured')),
  deleted_at timestamptz,
  commitment_salt bytea not null,
  log_index bigint
);

-- What is still to be sent, and what was sent lately. It names the crossing and holds none of it:
-- the body is composed when it is sent, so nothing personal waits here.
create table delivery (
  event text not null,
  subscription uuid not null references subscription,
  event_type text not null,
  subject uuid not null,
  at timestamptz not null,
  state text not null check (state in ('waiting', 'delivered', 'given_up', 'void')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  settled_at timestamptz,
  last_failure text,
  -- Of the entry that says that this plate was sent to this subscription.
  log_index bigint,
  primary key (event, subscription)
);
create index delivery_waiting on delivery (subscription, next_at) where state = 'waiting';
create index delivery_settled on delivery (settled_at) where state <> 'waiting';
