-- What devices saw of themselves, as they signed it. The entry in the log comes first, so every row has
-- one; a device that sends again because the answer was lost has one row and perhaps two entries.
create table device_event (
  id uuid primary key,
  device uuid not null references device,
  lane text not null references lane,
  -- Of the device's events, from 1, apart from that of its crossings.
  sequence bigint not null check (sequence > 0),
  kind text not null,
  -- The device's clock, and the hub's.
  observed_at timestamptz not null,
  received_at timestamptz not null,
  statement bytea not null,
  signature bytea not null check (octet_length(signature) = 64),
  statement_sha256 bytea not null check (octet_length(statement_sha256) = 32),
  log_index bigint not null,
  unique (device, sequence)
);
create index device_event_received on device_event (received_at desc, id);
