-- What people of a contractor under supervision want to do, beside opening pictures: each act waits for a person of the
-- agency, and is approved for exactly one request.
create table supervised_act (
  id uuid primary key,
  asked_by uuid not null references account,
  act text not null,
  -- Method, address and query; the body stands behind its hash.
  request text not null,
  body_sha256 bytea not null,
  asked_at timestamptz not null,
  action_salt bytea not null,
  answered_at timestamptz,
  answered_by uuid references account,
  answered_salt bytea,
  agreed boolean,
  answer_reason text,
  log_index bigint,
  used_at timestamptz,
  check ((answered_at is null) = (log_index is null)),
  check ((answered_at is null) = (agreed is null)),
  check (used_at is null or agreed),
  check (answered_by <> asked_by)
);
create index supervised_act_asked on supervised_act (asked_at desc);

-- Somebody of the agency said that they stay beside the work.
alter table maintenance_order add column watched boolean not null default false;
