-- Releases: copies handed to a court or another agency, each file marked for its recipient and sealed
-- to its key, and asked back when they expire. Nothing here is deleted but sealed copies.

-- Whoever takes copies is a party like others: it has no people here and no grants.
alter table party drop constraint party_kind_check;
alter table party drop constraint party_check;
alter table party add constraint party_kind_check
  check (kind in ('agency', 'prime', 'subcontractor', 'partner'));
alter table party add constraint party_parent_check
  check ((kind in ('agency', 'partner')) = (parent is null));

-- An age key of a party. One that was revoked is never taken again.
create table release_recipients (
  id uuid primary key,
  party text not null references party,
  name text not null,
  recipient text not null unique check (recipient ~ '^age1[0-9a-z]{58}$'),
  added_at timestamptz not null,
  added_by uuid not null references account,
  revoked_at timestamptz,
  revoked_by uuid references account,
  commitment_salt bytea not null,
  log_index bigint
);

create table releases (
  id uuid primary key,
  party text not null references party,
  recipient uuid not null references release_recipients,
  purpose text not null check (purpose in ('court', 'partner_agency', 'subject_request')),
  -- The order or case that it rests on, as a person wrote it.
  basis text not null,
  -- making: being unsealed, marked and sealed; nothing leaves before made.
  state text not null check (state in
    ('requested', 'approved', 'making', 'made', 'returned', 'destroyed', 'declined', 'failed')),
  requested_at timestamptz not null,
  requested_by uuid not null references account,
  -- With the second approval.
  approved_at timestamptz,
  made_at timestamptz,
  -- The recipient returns or destroys every copy by then.
  expires_at timestamptz not null,
  -- When somebody attested that all copies were returned or destroyed.
  returned_at timestamptz,
  canaries integer not null check (canaries >= 0),
  -- Why it failed.
  code text,
  -- The signed manifest, as the recipient has it.
  manifest bytea,
  manifest_sha256 bytea,
  manifest_signature bytea,
  -- Opens the commitment to the terms in its first entry.
  commitment_salt bytea not null,
  log_index bigint,
  made_log_index bigint
);
create index releases_state on releases (state, expires_at);
create index releases_party on releases (party, requested_at);

-- What was asked for, in the order of the files to come.
create table release_captures (
  release uuid not null references releases,
  capture uuid not null,
  crossing uuid not null,
  primary key (release, capture)
);
create index release_captures_capture on release_captures (capture);

-- What was said to a release, by whom, with the salt of that person's commitment in the log.
create table release_decisions (
  id uuid primary key,
  release uuid not null references releases,
  at timestamptz not null,
  account uuid not null references account,
  says text not null check (says in ('requested', 'approved', 'declined', 'making')),
  commitment_salt bytea not null,
  policies text[] not null,
  policy_set bytea not null,
  log_index bigint
);
create index release_decisions_release on release_decisions (release, at);
create unique index release_decisions_once on release_decisions (release, account)
  where says = 'approved';

-- One file of a release: a marked copy of a capture, a planted drawing, or the records about them.
create table release_files (
  release uuid not null references releases,
  number integer not null check (number >= 0),
  kind text not null check (kind in ('capture', 'canary', 'records')),
  capture uuid,
  mark text check (mark ~ '^[0-9a-f]{16}$'),
  mark_epoch text check (mark_epoch ~ '^\d{4}-\d{2}$'),
  bytes integer not null,
  -- Of the sealed file, as the manifest says, and of what it opens to.
  sha256 bytea not null,
  copy_sha256 bytea not null,
  primary key (release, number),
  check ((kind = 'capture') = (capture is not null)),
  check ((kind = 'records') = (mark is null))
);
create unique index release_files_mark on release_files (mark) where mark is not null;
create index release_files_sha256 on release_files (sha256);
create index release_files_copy on release_files (copy_sha256);
create index release_files_capture on release_files (capture) where capture is not null;

-- The sealed files themselves, until they expire, are attested, or their capture is shredded.
create table release_bodies (
  release uuid not null,
  number integer not null,
  body bytea not null,
  primary key (release, number),
  foreign key (release, number) references release_files
);
alter table release_bodies alter column body set storage external;

-- Drawn records that stand among the real ones. Which they are stands only here.
create table release_canaries (
  id uuid primary key,
  release uuid not null,
  number integer not null,
  plate_folded text not null,
  -- PDQ hash of the copy.
  pdq bytea not null,
  foreign key (release, number) references release_files
);
create index release_canaries_plate on release_canaries (plate_folded);

create table release_attestations (
  id uuid primary key,
  release uuid not null references releases,
  at timestamptz not null,
  account uuid not null references account,
  says text not null check (says in ('returned', 'destroyed')),
  -- Who of the recipient said so, and the hash of what was signed there.
  said_by text not null,
  statement_sha256 bytea not null,
  commitment_salt bytea not null,
  log_index bigint
);
