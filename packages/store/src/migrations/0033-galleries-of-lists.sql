-- Galleries are of lists and flights; their templates come from photographs alone.
alter table gallery_entry drop column capture;
alter table gallery drop constraint gallery_kind_check;
alter table gallery add constraint gallery_kind_check check (kind in ('list', 'flight'));
