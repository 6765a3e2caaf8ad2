-- What was exposed: openings that are found by whoever they were shown to, and the answers given.

-- A number for each plate that was read surely or that a person said, of crossings that were opened.
-- The plate goes with the last crossing that has it; the number then says only what was the same.
create table vehicle (
  -- Drawn at random, below 2^53.
  id bigint primary key,
  plate text not null unique
);

-- What an opening is counted by, so that counting reads one index and no other row.
alter table opening add column party text;
alter table opening add column port text;
alter table opening add column lane text;
-- When the picture was taken, by the calendar of its port.
alter table opening add column day date;
alter table opening add column vehicle bigint;

insert into vehicle (id, plate)
  select (random() * 9007199254740991)::bigint, plate from (
    select distinct coalesce(c.verdict_folded, case when c.plate_kind = 'read' then c.plate_folded end) as plate
    from crossing c where exists (select from opening o where o.crossing = c.id)) as opened
  where plate is not null;
update opening set party = account.party from account where account.id = opening.account;
update opening set port = c.port, lane = c.lane, day = (c.captured_at at time zone port.zone)::date,
    vehicle = (select id from vehicle
      where plate = coalesce(c.verdict_folded, case when c.plate_kind = 'read' then c.plate_folded end))
  from crossing c join port on port.id = c.port where c.id = opening.crossing;

create index opening_party on opening (party, at)
  include (capture, crossing, vehicle, port, lane, day, capture_class) where outcome = 'opened';
create index opening_account on opening (account, at) where outcome = 'opened';
create index opening_capture on opening (capture);
create index crossing_device on crossing (device, received_at);
create index crossing_port on crossing (port, received_at)
  include (id, lane, captured_at, plate_kind, plate_folded, verdict_folded);
create index stay_passage_document on stay_passage (crossing) include (key) where key like 'document:%';
create index capture_sha256 on capture (sha256);
create index capture_epoch on capture (epoch_day);

-- Which verdicts the vehicles of openings follow.
create table scope_cursor (
  one boolean primary key default true check (one),
  verdict_log_index bigint not null
);
insert into scope_cursor (verdict_log_index)
  select coalesce(max(log_index), -1) from verdict where state = 'logged';

-- A scope in one of its versions: what was asked and what the answer was. Nothing here is changed.
create table scope (
  id uuid primary key,
  incident uuid,
  revises uuid references scope,
  version integer not null check (version > 0),
  -- Question, numbers and reason as JSON, to the byte: what its entry in the log commits to.
  document text not null,
  document_salt bytea not null,
  at timestamptz not null,
  account uuid not null references account,
  by_salt bytea not null,
  log_from bigint not null,
  -- It may be relied on when the log has it.
  log_index bigint,
  check ((revises is null) = (version = 1))
);
create unique index scope_next on scope (revises);
create index scope_at on scope (at desc, id desc);
create index scope_incident on scope (incident, at desc) where incident is not null;
