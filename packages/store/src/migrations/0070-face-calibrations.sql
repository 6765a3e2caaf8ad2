-- Calibrations of faces from what a hub holds: who had them made, for what, and the totals that came out.
-- Pictures by their ids, so that the log's commitment to them can be shown; nothing here names a person.

create table face_calibration (
  id uuid primary key,
  at timestamptz not null,
  account uuid not null references account,
  purpose text not null check (purpose in ('evaluation', 'audit')),
  -- Identity of the model whose templates were compared.
  model text not null,
  captures uuid[] not null,
  people integer not null,
  set_salt bytea not null,
  account_salt bytea not null,
  log_index bigint,
  -- Null until it is done, and for good where it failed.
  report jsonb,
  report_log_index bigint
);
create index face_calibration_at on face_calibration (at desc, id);
