-- Stays: what the crossings of one vehicle or traveller mean together. Passages follow the crossing
-- table; stays are computed from passages and statements and may be computed again at any time.

create table stay_passage (
  -- The crossing's id for a vehicle; one of its own for a traveller.
  id uuid primary key,
  crossing uuid not null,
  received_at timestamptz not null,
  at timestamptz not null,
  direction text not null check (direction in ('in', 'out')),
  lane text not null,
  clock text not null check (clock in ('ok', 'skewed', 'review')),
  jurisdiction text,
  -- What it pairs by ('plate:ABC123'); null while nobody knows surely who passed.
  key text,
  -- The plate as read or as a person says; the best guess where there is no key.
  text text,
  -- The verdict that it follows; another one in effect at the crossing means: take it again.
  verdict uuid,
  -- The other side of its stay was erased when its time was over: it pairs with nothing again.
  other_erased boolean not null default false,
  -- What near plates find it by, where there is no key.
  near text[]
);
create index stay_passage_key on stay_passage (key, at);
create index stay_passage_crossing on stay_passage (crossing);
create index stay_passage_at on stay_passage (at);
create index stay_passage_unknown on stay_passage (at) where key is null;
create index stay_passage_near on stay_passage using gin (near) where near is not null;

create table stay (
  -- The passage that it begins with.
  id uuid primary key,
  key text not null,
  state text not null check (state in ('open', 'closed', 'entry_missing', 'exit_missing',
    'double_entry', 'double_exit', 'ambiguous', 'corrected')),
  -- When that passage was.
  at timestamptz not null,
  -- When it began and ended, as far as that is known.
  from_at timestamptz,
  until_at timestamptz,
  passages uuid[] not null,
  doubted boolean not null,
  -- The rule, and the first instant at which the stay is longer than it allows.
  rule text,
  due_at timestamptz,
  -- As core says it.
  stay jsonb not null,
  -- What near plates find it by, where a side is missing.
  near text[]
);
create index stay_key on stay (key, at desc);
create index stay_at on stay (at desc, id desc);
create index stay_state on stay (state, at desc, id desc);
create index stay_over_inside on stay (due_at, id) where until_at is null and due_at is not null;
create index stay_over_left on stay (due_at, id) where until_at >= due_at;
create index stay_passages on stay using gin (passages);
create index stay_near on stay using gin (near) where near is not null;

-- What named people state about passages: rows are only added, and a later one supersedes.
create table stay_statement (
  id uuid primary key,
  -- Of a passage one correction and one admission holds at a time.
  class text not null check (class in ('correction', 'admission')),
  kind text not null check (kind in ('paired', 'left', 'entered', 'set_aside', 'admitted', 'withdrawn')),
  passage uuid not null,
  -- The exit, where `passage` is paired with one.
  other uuid,
  instant timestamptz,
  day date,
  reason text not null,
  account uuid not null references account,
  at timestamptz not null,
  supersedes uuid references stay_statement,
  by_salt bytea not null,
  terms_salt bytea not null,
  state text not null check (state in ('pending', 'logged', 'failed')),
  log_from bigint not null,
  log_index bigint,
  check ((kind = 'paired') = (other is not null)),
  check ((kind in ('left', 'entered')) = (instant is not null)),
  check ((kind = 'admitted') = (day is not null)),
  check ((state = 'logged') = (log_index is not null))
);
create unique index stay_statement_first on stay_statement (passage, class)
  where supersedes is null and state <> 'failed';
create unique index stay_statement_next on stay_statement (supersedes) where state <> 'failed';
create index stay_statement_passage on stay_statement (passage);
create index stay_statement_other on stay_statement (other) where other is not null;
create index stay_statement_pending on stay_statement (at) where state = 'pending';

-- Keys whose stays wait to be computed again.
create table stay_due (
  key text primary key,
  at timestamptz not null
);

-- How far the crossings were followed, and under which rules stays were computed.
create table stay_cursor (
  one boolean primary key default true check (one),
  log_index bigint not null,
  rules_sha256 bytea
);
insert into stay_cursor (log_index) values (-1);

-- Passenger lists: who is expected at a place and time. Rows go when they expire.
create table passenger_list (
  id uuid primary key,
  format text not null check (format in ('paxlst', 'csv')),
  sha256 bytea not null,
  -- 'flight', 'sailing', 'train', 'road' or 'other'.
  transport text not null check (transport in ('flight', 'sailing', 'train', 'road', 'other')),
  reference text not null,
  departs_from text,
  -- As the clocks there show it: '2026-11-22T08:00'.
  departs_at text,
  arrives_in text,
  arrives_at text,
  sender text,
  control text,
  message text,
  -- 'passengers' or 'crew'.
  people text not null check (people in ('passengers', 'crew')),
  -- More parts of the same list are to come.
  partial boolean not null,
  warnings jsonb not null,
  imported_at timestamptz not null,
  imported_by uuid not null references account,
  expires_at timestamptz not null,
  file_salt bytea not null,
  by_salt bytea not null,
  -- Expected from the moment that the log has it.
  log_index bigint
);
-- The same file twice is one list.
create unique index passenger_list_sha256 on passenger_list (sha256, coalesce(message, ''));
create index passenger_list_imported on passenger_list (imported_at desc, id desc);
create index passenger_list_expiry on passenger_list (expires_at);

create table expected_traveller (
  id uuid primary key,
  list uuid not null references passenger_list on delete cascade,
  -- Its place in the list, from 1.
  place integer not null,
  role text not null check (role in ('passenger', 'crew', 'transit')),
  surname text not null,
  given_names text not null,
  born date,
  sex text check (sex in ('F', 'M', 'X')),
  nationality text,
  document_kind text,
  document_number text,
  document_issuer text,
  document_expires date,
  embarks text,
  debarks text,
  booking text,
  unique (list, place)
);
create index expected_traveller_document on expected_traveller (document_issuer, document_number);
