-- Documents of those who opted out, as salted commitments: who opted out does not come back by crossing often.

create table frequent_opt_out (
  commitment bytea primary key,
  -- Of all that expire on one day; it goes with the last of them.
  salt bytea not null,
  expires_at timestamptz not null
);
create index frequent_opt_out_expiry on frequent_opt_out (expires_at);
