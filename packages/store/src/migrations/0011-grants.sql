-- Parties, what their people may be shown, and how much of it they were. Nothing here is deleted.

create table party (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name text not null,
  kind text not null check (kind in ('agency', 'prime', 'subcontractor')),
  -- The party it works for: a subcontractor's prime, a prime's agency.
  parent text references party,
  -- Whom the agency calls, and who calls the agency: never through the parent.
  contact text not null,
  added_at timestamptz not null,
  check ((kind = 'agency') = (parent is null))
);
insert into party (id, name, kind, parent, contact, added_at)
  values ('agency', 'Agency', 'agency', null, '', now());

alter table account add column party text not null default 'agency' references party;
-- Two people who sign come from different units.
alter table account add column unit text not null default '';

-- What a party has standing at the agency's lanes, and when somebody looked at it last.
create table equipment (
  id uuid primary key,
  party text not null references party,
  name text not null,
  place text not null,
  added_at timestamptz not null,
  assessed_at timestamptz,
  assessed_by uuid references account,
  -- Past this instant the grants of its party are suspended until it is assessed.
  due_at timestamptz not null,
  removed_at timestamptz,
  removed_by uuid references account
);
create index equipment_due on equipment (party, due_at) where removed_at is null;

-- A grant in one of its versions; the newest signed one counts.
create table access_grant (
  id uuid not null,
  version integer not null check (version > 0),
  party text not null references party,
  terms jsonb not null,
  -- The Cedar policy that was signed, and what its entries in the log commit to.
  policy text not null,
  policy_sha256 bytea not null,
  proposed_at timestamptz not null,
  proposed_by uuid not null references account,
  -- In force from the moment that the log has the signature.
  signed_at timestamptz,
  signed_by uuid references account,
  signed_log_index bigint,
  revoked_at timestamptz,
  revoked_by uuid references account,
  revoked_reason text,
  -- The proposal in the log; null while it is not there, and then it does not count.
  log_index bigint,
  primary key (id, version)
);
create index access_grant_party on access_grant (party);

-- What was shown under a grant on one day at the port. Counted before, never given back.
create table grant_use (
  access_grant uuid not null,
  day date not null,
  pictures integer not null,
  bytes bigint not null,
  primary key (access_grant, day)
);

-- An original asked for under a grant, and what the agency's person said.
create table seconding (
  id uuid primary key,
  access_grant uuid not null,
  capture uuid not null,
  purpose text not null,
  asked_at timestamptz not null,
  asked_by uuid not null references account,
  reason text not null,
  answered_at timestamptz,
  answered_by uuid references account,
  agreed boolean,
  log_index bigint,
  -- An agreement is for one opening.
  used_by uuid
);
create index seconding_open on seconding (asked_at) where answered_at is null;
create index seconding_capture on seconding (capture, asked_by);

alter table opening add column view text;
alter table opening add column access_grant uuid;
alter table opening add column grant_version integer;
-- The policies that decided, and the hash of the set in force.
alter table opening add column policies text[];
alter table opening add column policy_set bytea;
create index opening_grant on opening (access_grant, at) where access_grant is not null;
