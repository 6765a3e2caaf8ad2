-- What people say of plates that were not read surely. A verdict stands beside the read and never
-- touches it; a new one supersedes the one before, and nothing is deleted.

alter table crossing
  -- Why the plate is not sure: what the queue is filtered by.
  add column plate_reason text generated always as (
    case when plate_kind in ('unsure', 'unreadable')
      then coalesce(reads -> 'plate' ->> 'reason', 'no_reads') end
  ) stored,
  -- The verdict in effect; null while there is none, and again after it was taken back.
  add column verdict uuid,
  -- Its text, with letter O as digit 0: what search compares beside the read.
  add column verdict_folded text;
-- The queue itself. It holds only what waits, so it stays small however many crossings there are.
create index crossing_waiting on crossing (received_at desc, id) include (lane, plate_reason)
  where plate_kind in ('unsure', 'unreadable') and verdict is null;
create index crossing_verdict_folded on crossing using gin (verdict_folded gin_trgm_ops);

create table verdict (
  id uuid primary key,
  crossing uuid not null,
  received_at timestamptz not null,
  at timestamptz not null,
  account uuid not null references account,
  kind text not null check (kind in ('confirmed', 'corrected', 'unreadable', 'withdrawn')),
  text text,
  jurisdiction text,
  -- The picture that was looked at, and the opening that showed it.
  capture uuid,
  picture_sha256 bytea,
  opening uuid references opening,
  supersedes uuid references verdict,
  -- Salts of the commitments in the log: to the person, and to what they said.
  by_salt bytea not null,
  text_salt bytea not null,
  -- It counts when it is logged. `pending` waits for the log; `failed` was refused by it.
  state text not null check (state in ('pending', 'logged', 'failed')),
  -- Size of the log when it was given: its entry, if there is one, is not before.
  log_from bigint not null,
  log_index bigint,
  check ((kind in ('confirmed', 'corrected')) = (text is not null)),
  check ((state = 'logged') = (log_index is not null))
);
-- Of two people who decide on the same state of a plate, the second is refused here at the latest.
create unique index verdict_first on verdict (crossing) where supersedes is null and state <> 'failed';
create unique index verdict_next on verdict (supersedes) where state <> 'failed';
create index verdict_crossing on verdict (crossing);
create index verdict_at on verdict (at desc, id) where state = 'logged';
create index verdict_pending on verdict (at) where state = 'pending';

-- Who is looking at what. It only keeps two people from doing the same work.
create table review_claim (
  crossing uuid primary key,
  account uuid not null references account,
  until timestamptz not null
);

-- A count of how well the reader does on pictures with verdicts. Totals only: plates stay where they are.
create table evaluation (
  id uuid primary key,
  at timestamptz not null,
  account uuid not null references account,
  state text not null check (state in ('running', 'done', 'failed')),
  labels integer not null,
  pictures_done integer not null default 0,
  -- Pictures that could not be opened or decoded.
  pictures_failed integer not null default 0,
  models jsonb,
  totals jsonb,
  -- The set of labels, sealed in the vault.
  bytes integer not null,
  sha256 bytea not null,
  header bytea not null,
  epoch_day date not null,
  segment integer not null,
  position bigint not null,
  commitment_salt bytea not null,
  log_index bigint
);
create index evaluation_at on evaluation (at desc, id);
