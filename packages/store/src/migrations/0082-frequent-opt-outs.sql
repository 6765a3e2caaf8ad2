-- Documents of those who opted out, as salted commitments: who opted out does not come back by crossing often.

create table frequent_opt_out (
  commitment bytea primary key,
  -- Of all that expire on one day; it goes with the last of them.
  salt bytea not null,
  expires_at timestamptz not null
);
create index frequent_opt_out_expiry on frequent_opt_out (expires_at);

-- Of entries that went while a crossing that they may be could still be opted out of: what to keep then.
create table frequent_gone_entry (
  entry uuid primary key,
  commitment bytea not null,
  salt bytea not null,
  kept_until timestamptz not null
);
