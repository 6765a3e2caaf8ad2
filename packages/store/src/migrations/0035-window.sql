-- What people say of crossings at the window and in secondary: rows are only added.

create table window_step (
  id uuid primary key,
  crossing uuid not null,
  received_at timestamptz not null,
  -- From 1, without gaps, of those that did not fail.
  place integer not null check (place >= 1),
  kind text not null check (kind in ('admitted', 'referred', 'opted_out', 'undone', 'looked', 'closed')),
  -- The reason of a referral, the finding of a look, the outcome of what was closed.
  code text,
  -- What turned out wrong in what was shown.
  wrong text[] not null,
  note text,
  account uuid not null references account,
  at timestamptz not null,
  by_salt bytea not null,
  terms_salt bytea not null,
  state text not null check (state in ('pending', 'logged', 'failed')),
  log_from bigint not null,
  log_index bigint,
  check ((kind in ('referred', 'looked', 'closed')) = (code is not null)),
  check ((state = 'logged') = (log_index is not null))
);
create unique index window_step_place on window_step (crossing, place) where state <> 'failed';
create index window_step_pending on window_step (at) where state = 'pending';

-- Where each crossing stands by its steps; made of them and kept for lists and figures.
create table window_standing (
  crossing uuid primary key,
  received_at timestamptz not null,
  captured_at timestamptz not null,
  lane text not null,
  standing text not null check (standing in ('waiting', 'admitted', 'referred', 'closed')),
  -- The newest step.
  place integer not null,
  changed_at timestamptz not null,
  reason text,
  outcome text,
  -- The verdict at the window that holds.
  verdict_at timestamptz,
  opted_out_at timestamptz,
  -- When the faces of somebody who opted out were gone.
  forgotten_at timestamptz
);
create index window_standing_list on window_standing (standing, changed_at desc, crossing desc);
create index window_standing_verdict on window_standing (verdict_at) where verdict_at is not null;
create index window_standing_opted_out on window_standing (opted_out_at)
  where opted_out_at is not null;
