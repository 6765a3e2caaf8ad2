-- Contractors' models on plates that people decided on. Counts with noise only; the model itself is not
-- kept. A row is a use of its set's budget, also when the evaluation failed.

create table candidate_evaluation (
  id uuid primary key,
  at timestamptz not null,
  account uuid not null references account,
  -- Whose model it is.
  owner text not null references party,
  -- verdicts:2026-10, the verdicts of one month at the port.
  label_set text not null,
  name text not null,
  model_sha256 bytea not null,
  model_bytes integer not null,
  -- Name and hash of the reader in service, and which walls stood around the candidate.
  service text not null,
  standing jsonb not null,
  state text not null check (state in ('running', 'done', 'failed')),
  -- When the answer comes, at the earliest: it says nothing of single pictures.
  due_at timestamptz not null,
  report jsonb,
  owner_salt bytea not null,
  account_salt bytea not null,
  log_index bigint,
  report_log_index bigint,
  check ((report is not null) = (state = 'done'))
);
create index candidate_evaluation_set on candidate_evaluation (label_set, owner);
create index candidate_evaluation_at on candidate_evaluation (at desc, id);
