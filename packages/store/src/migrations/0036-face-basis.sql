-- On what ground faces are compared at a site that is no border: named by one person, agreed by another.

create table face_basis (
  id uuid primary key,
  -- The document that allows it, and who answers for it.
  document text not null,
  responsible text not null,
  -- Of the document.
  dated date not null,
  terms_salt bytea not null
);

create table face_basis_act (
  basis uuid not null references face_basis,
  act text not null check (act in ('proposed', 'agreed', 'ended')),
  account uuid not null references account,
  at timestamptz not null,
  salt bytea not null,
  log_from bigint not null,
  -- It counts from the moment that the log has it.
  log_index bigint,
  primary key (basis, act)
);
