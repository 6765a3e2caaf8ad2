-- Contractors whose every opening a person of the agency approves live. One person sets it, two lift it.
create table supervision (
  id uuid primary key,
  party text not null references party,
  reason text not null,
  set_at timestamptz not null,
  set_by uuid not null references account,
  -- Of the commitments to party and reason, and to the people.
  terms_salt bytea not null,
  set_salt bytea not null,
  log_index bigint not null,
  lifting_asked_at timestamptz,
  lifting_asked_by uuid references account,
  lifted_at timestamptz,
  lifted_by uuid references account,
  lifted_salt bytea,
  lifted_log_index bigint,
  check ((lifted_at is null) = (lifted_log_index is null)),
  check (lifted_by <> lifting_asked_by)
);
create unique index supervision_in_force on supervision (party) where lifted_at is null;

-- A live approval is for exactly one opening: the same person, picture, view, purpose and version of the grant.
alter table seconding add column live boolean not null default false;
alter table seconding add column view text;
alter table seconding add column grant_version integer;
alter table seconding add column action_salt bytea;
alter table seconding add column answer_reason text;
alter table seconding add check (not live or (view is not null and grant_version is not null and action_salt is not null));
