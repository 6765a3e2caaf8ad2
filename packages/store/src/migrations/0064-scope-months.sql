-- Closed months as files that a second engine counts scopes over.

create table scope_month (
  -- The first day of it, in UTC.
  month date primary key,
  -- Drawn for each export: its files lie in a folder of this name.
  id uuid not null unique,
  at timestamptz not null,
  -- Entries that the log had before the rows were read: a verdict or a shredding from here on may
  -- have changed them, and the month is exported again.
  log_size bigint not null,
  -- Name, SHA-256 and number of rows of each file.
  files jsonb not null,
  log_from bigint not null,
  -- The files may be relied on when the log has their hashes.
  log_index bigint
);

-- What travellers are named by in those files: a hash under this, which is in no file.
alter table scope_cursor add column traveller_salt bytea not null
  default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
alter table scope_cursor alter column traveller_salt drop default;
