-- Incidents: who is told of them, what was cut off, what was reported and sent. Nothing here is deleted.

create table incident (
  id uuid primary key,
  title text not null,
  -- The first suspicion of anyone in the chain: clocks that count from it began then.
  suspected_at timestamptz not null,
  -- When the agency itself knew of it.
  known_at timestamptz not null,
  opened_at timestamptz not null,
  -- Null where a report from outside opened it.
  opened_by uuid references account,
  by_salt bytea not null,
  -- People whom it is about: they are not told of it, whatever their roles.
  about text[] not null,
  log_from bigint not null,
  log_index bigint,
  closed_at timestamptz,
  closed_by uuid references account
);
create index incident_opened on incident (opened_at desc, id);
alter table scope add constraint scope_of_incident foreign key (incident) references incident;

-- Whoever needs to know.
create table incident_member (
  incident uuid not null references incident,
  account uuid not null references account,
  added_at timestamptz not null,
  added_by uuid references account,
  removed_at timestamptz,
  primary key (incident, account)
);

create table incident_note (
  id uuid primary key,
  incident uuid not null references incident,
  -- When what it tells of happened, and when it was written.
  happened_at timestamptz not null,
  at timestamptz not null,
  account uuid not null references account,
  text text not null
);
create index incident_note_of on incident_note (incident, happened_at);

create table incident_task (
  id uuid primary key,
  incident uuid not null references incident,
  what text not null,
  due_at timestamptz,
  made_at timestamptz not null,
  made_by uuid not null references account,
  done_at timestamptz,
  done_by uuid references account
);
create index incident_task_of on incident_task (incident, made_at);

-- What somebody without an account said. The receipt number is all that they have of it.
create table incident_report (
  id uuid primary key,
  incident uuid not null references incident,
  receipt text not null unique,
  at timestamptz not null,
  organisation text not null,
  contact text not null,
  suspected_at timestamptz not null,
  what text not null,
  said_salt bytea not null,
  log_from bigint not null,
  log_index bigint
);
create index incident_report_of on incident_report (incident);

-- What was cut off. It takes effect when the log has it, and ends when the log has that.
create table containment_step (
  id uuid primary key,
  incident uuid not null references incident,
  act text not null check (act in ('grants_suspended', 'account_disabled', 'device_quarantined',
    'retention_frozen', 'epoch_declared_lost')),
  -- Party, account, device, port or day, by the act.
  target text not null,
  at timestamptz not null,
  account uuid not null references account,
  by_salt bytea not null,
  target_salt bytea not null,
  log_from bigint not null,
  log_index bigint,
  lifted_at timestamptz,
  lifted_by uuid references account,
  lifted_log_index bigint
);
-- In force once: lifting lifts it.
create unique index containment_in_force on containment_step (act, target) where lifted_at is null;
create index containment_of on containment_step (incident, at);

alter table device add column quarantined_at timestamptz;
