-- Which people of a scope are the same, where faces were compared to count them. Nothing here is changed.

create table scope_faces (
  scope uuid primary key references scope on delete cascade,
  -- One line for each face and each traveller, to the byte: what the document of the scope commits to.
  -- Numbers that mean nothing outside the scope; no template.
  rows text not null,
  -- Of the entry that was written before a template was opened.
  log_index bigint not null
);
