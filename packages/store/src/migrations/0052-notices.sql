-- Notices as they went out, and what travellers were told of themselves. Nothing here is deleted.

create table notice (
  id uuid primary key,
  incident uuid not null references incident,
  rule text not null,
  version integer not null check (version > 0),
  language text not null,
  -- As it went out, to the byte, and the scope that it was filled from.
  text text not null,
  text_salt bytea not null,
  scope uuid references scope,
  sent_at timestamptz not null,
  sent_by uuid not null references account,
  sent_to text not null,
  -- Of what shows that it was sent: a receipt, a delivery report.
  proof_sha256 bytea not null,
  by_salt bytea not null,
  log_from bigint not null,
  log_index bigint,
  unique (incident, rule, version)
);

create table subject_request (
  id uuid primary key,
  at timestamptz not null,
  account uuid not null references account,
  -- The agency's own file, as a person wrote it.
  reference text not null,
  -- Of the plate that was asked about, which is not kept: who has it and this can show the entry.
  subject_salt bytea not null,
  answer_sha256 bytea not null,
  answer_salt bytea not null,
  by_salt bytea not null,
  log_index bigint
);
create index subject_request_at on subject_request (at desc, id);
