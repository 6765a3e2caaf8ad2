-- Hand-over pages of devices, as they signed them. The entry in the log comes first, so every row has one.
create table device_attestation (
  -- As the device named it.
  id uuid primary key,
  device uuid not null references device,
  lane text not null references lane,
  -- The device's clock, and the hub's.
  made_at timestamptz not null,
  received_at timestamptz not null,
  -- Whether the hub had asked for it: then it was made between the question and its arrival.
  was_asked boolean not null,
  statement bytea not null,
  signature bytea not null check (octet_length(signature) = 64),
  statement_sha256 bytea not null check (octet_length(statement_sha256) = 32),
  log_index bigint not null
);
create index device_attestation_made on device_attestation (device, made_at desc);
create index device_attestation_received on device_attestation (received_at desc, id);
