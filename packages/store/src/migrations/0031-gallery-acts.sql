-- Who changed or ended a gallery: what the log's commitments are to.
create table gallery_act (
  gallery uuid not null references gallery,
  log_index bigint not null,
  act text not null check (act in ('changed', 'ended')),
  at timestamptz not null,
  -- Null: the gallery's time was over.
  account uuid references account,
  salt bytea not null,
  primary key (gallery, log_index)
);

-- What was forgotten is shredded before its time, by no policy.
alter table shredding alter column policy drop not null;
