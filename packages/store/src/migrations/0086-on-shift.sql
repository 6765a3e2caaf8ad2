-- Who was on shift when something was said at a lane without the hub: beside the name that was stated there.

-- Shifts that are over; `shift` has those under way.
create table shift_past (
  account uuid not null references account,
  lane text not null references lane,
  started_at timestamptz not null,
  ended_at timestamptz not null
);
create index shift_past_lane on shift_past (lane, ended_at);

-- Names of who was on shift there, as the hub knew them when it arrived; null: it came before the hub noted it.
alter table lane_verdict add column on_shift text[];
