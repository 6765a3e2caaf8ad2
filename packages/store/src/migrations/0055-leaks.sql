-- What copies of stored pictures are known again by: the perceptual hash that the lane took before it
-- sealed the picture, within plain borders. Null for pictures of older lanes and of those that are
-- shredded. Hashes of two algorithms are not comparable.
alter table capture add column copy_hash bytea check (octet_length(copy_hash) = 32);
alter table capture add column copy_quality smallint check (copy_quality between 0 and 100);
alter table capture add column copy_algorithm text;

-- The list is read page by page in this order.
create index capture_copy on capture (received_at, id) where copy_hash is not null;

-- The bytes that an opening sent: a found file that is them needs no other evidence, and none of what
-- it was made of.
alter table opening add column copy_sha256 bytea check (octet_length(copy_sha256) = 32);
create index opening_copy on opening (copy_sha256) where copy_sha256 is not null;

-- A search for copies outside: who asked, in what, and against how much.
create table leak_search (
  id uuid primary key,
  at timestamptz not null,
  account uuid not null references account,
  -- The case that it is for, as people call it.
  reference text not null,
  -- Where the files are from, as whoever searches says it.
  sources text[] not null,
  state text not null check (state in ('running', 'ended')),
  ended_at timestamptz,
  -- Pictures stored, and of them with a hash, when it began; the root over those hashes.
  captures bigint not null,
  captures_hashed bigint not null,
  index_root bytea not null check (octet_length(index_root) = 32),
  -- How many copies planted by a self-test were found, by kind; null when none was run.
  self_test jsonb,
  commitment_salt bytea not null,
  log_index bigint,
  end_log_index bigint
);
create index leak_search_at on leak_search (at desc);

-- One file that was looked at. Its bytes are not kept.
create table leak_file (
  search uuid not null references leak_search,
  number integer not null,
  at timestamptz not null,
  name text not null,
  -- Null for a file that could not be read.
  sha256 bytea check (octet_length(sha256) = 32),
  verdict text not null check (verdict in ('ours', 'not_ours', 'unsure')),
  level text check (level in ('this_picture', 'same_subject', 'look_alike')),
  capture uuid,
  crossing uuid,
  opening uuid,
  release uuid,
  party text,
  error_probability double precision,
  evidence jsonb not null,
  -- The entry that names the pictures which were opened for comparison; null when none was.
  log_index bigint,
  primary key (search, number)
);
create index leak_file_capture on leak_file (capture) where capture is not null;
create index leak_file_sha256 on leak_file (sha256);
