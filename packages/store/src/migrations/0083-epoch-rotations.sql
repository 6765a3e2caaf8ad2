-- Epoch identities that replaced all of a port's at once, and what devices say that they hold.

-- From a day on a port's identities are other ones. The row is there before the log has it.
create table epoch_rotation (
  -- That of the containment step, or of a restore.
  id uuid primary key,
  port text not null references port,
  -- What announcements say: later than any before, whatever the clock said.
  rotated_at timestamptz not null,
  from_day date not null,
  why text not null check (why in ('incident', 'restored')),
  log_from bigint not null,
  log_index bigint,
  unique (port, rotated_at)
);

-- A day may have several identities, each of which ends for itself.
alter table epoch_end add column rotation uuid references epoch_rotation;
alter table epoch_end drop constraint epoch_end_pkey;
alter table epoch_end add primary key (port, day, recipient);
alter table epoch_end drop constraint epoch_end_how_check;
alter table epoch_end add constraint epoch_end_how_check
  check (how in ('closed', 'declared_lost', 'expired', 'rotated_out'));

-- The newest word of a device on the announcement that it seals by. Lanes of before say nothing.
create table device_announcement (
  device uuid primary key references device,
  issued_at timestamptz not null,
  rotated_at timestamptz,
  -- What it sealed to identities of before has sequences up to this one.
  earlier_through bigint not null,
  -- What was said at its own page, sealed to identities of before, and waits there.
  earlier_verdicts integer not null,
  said_at timestamptz not null
);

alter table containment_step drop constraint containment_step_act_check;
alter table containment_step add constraint containment_step_act_check
  check (act in ('grants_suspended', 'account_disabled', 'device_quarantined', 'retention_frozen',
    'epoch_declared_lost', 'epochs_rotated', 'earlier_keys_given_up'));
-- In force once, but for what two people have to say; and keys may be replaced again.
drop index containment_in_force;
create unique index containment_in_force on containment_step (act, target,
  (case when act in ('epoch_declared_lost', 'earlier_keys_given_up') then account::text else '' end))
  where lifted_at is null and act <> 'epochs_rotated';
