-- Rules by which those who cross often at an hour come together in a gallery, and what it is copied from.

create table frequent_rule (
  id uuid primary key,
  port text not null references port,
  -- ISO 8601: 1 is Monday; of the day on which the window begins.
  weekdays integer[] not null,
  -- By the clocks of the port; an end that is not after the beginning is on the next day.
  from_hour integer not null check (from_hour between 0 and 23),
  to_hour integer not null check (to_hour between 0 and 23),
  days_back integer not null,
  -- Confirmed crossings within the window in those days.
  crossings integer not null,
  -- Largest size.
  people integer not null,
  reason text not null,
  expires_at timestamptz not null,
  terms_salt bytea not null
);

create table frequent_rule_act (
  rule uuid not null references frequent_rule,
  act text not null check (act in ('proposed', 'agreed', 'ended')),
  account uuid not null references account,
  at timestamptz not null,
  salt bytea not null,
  log_from bigint not null,
  -- It counts from the moment that the log has it.
  log_index bigint,
  primary key (rule, act)
);

alter table gallery add column rule uuid references frequent_rule;
alter table gallery drop constraint gallery_kind_check;
alter table gallery add constraint gallery_kind_check check (kind in ('list', 'flight', 'frequent'));
alter table gallery add constraint gallery_rule_check check ((kind = 'frequent') = (rule is not null));
-- Two hubs, or one that begins again, make one gallery of a window.
create unique index gallery_of_rule on gallery (rule, opens_at) where rule is not null;

-- The entry of a list's gallery that photograph and template were copied from: a copy never outlives it.
alter table gallery_entry add column source uuid references gallery_entry on delete cascade;
create index gallery_entry_source on gallery_entry (source) where source is not null;
