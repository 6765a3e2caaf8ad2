-- Faces of crossings, and the galleries of those who are expected at a place and time.

create table face (
  id uuid not null,
  received_at timestamptz not null,
  crossing uuid not null,
  -- The sealed picture of it. The template opens with a key that follows from that picture's own.
  capture uuid not null,
  lane text not null,
  at timestamptz not null,
  -- Identity of the model; templates of two are never compared.
  model text not null,
  evaluation boolean not null,
  -- As measured at the lane; null once the face was forgotten.
  quality jsonb,
  box jsonb,
  -- In how many looks of the pass it was seen.
  looks integer not null,
  -- Sealed; null where none is kept: faces are off here, it was not acquired, or it was forgotten.
  template bytea,
  -- core's FaceOutcome; candidates by their ids, without names.
  outcome jsonb not null,
  -- SHA-256 of the calibration that it was judged by; null where nothing was compared.
  calibration bytea,
  -- Of the commitment in the log; null once the face was forgotten.
  salt bytea,
  -- Nobody is told of it before the log has it.
  log_index bigint,
  forgotten_at timestamptz,
  primary key (id, received_at)
) partition by range (received_at);
create index face_crossing on face (crossing);
create index face_capture on face (capture);
create index face_received on face (received_at desc, id);
create index face_unlogged on face (at) where log_index is null;

create table gallery (
  id uuid primary key,
  -- Of a passenger list, of a flight at its gates, or of those who cross often at this hour.
  kind text not null check (kind in ('list', 'flight', 'frequent')),
  name text not null,
  -- The passenger list whose people it is for; null where there is none (any more).
  list uuid references passenger_list on delete set null,
  -- Lanes whose faces are looked for in it; empty: all lanes of the direction.
  lanes text[] not null,
  direction text check (direction in ('in', 'out')),
  opens_at timestamptz not null,
  expires_at timestamptz not null,
  model text not null,
  -- The key that photographs and templates are under; destroyed when the gallery ends.
  kek uuid not null,
  made_at timestamptz not null,
  made_by uuid references account,
  made_salt bytea not null,
  -- In force from the moment that the log has it.
  log_index bigint,
  ended_at timestamptz,
  end_log_index bigint
);
create index gallery_expiry on gallery (expires_at) where ended_at is null;
create index gallery_made on gallery (made_at desc, id desc);

create table gallery_entry (
  id uuid primary key,
  gallery uuid not null references gallery on delete cascade,
  -- Its place in the gallery, from 1.
  place integer not null,
  name text not null,
  born date,
  nationality text,
  document_kind text,
  document_number text,
  document_issuer text,
  -- Null: nobody can be found by this entry.
  template bytea,
  quality jsonb,
  -- The sealed photograph; null where the template came from a crossing.
  photo_header bytea,
  photo_body bytea,
  photo_sha256 bytea,
  -- The crossing's picture that the template came from, for those who cross often.
  capture uuid,
  described_at timestamptz,
  unique (gallery, place)
);
