-- Contractors' face models, evaluated like their plate readers and counted in the same budget.

alter table candidate_evaluation
  add column subject text not null default 'plates' check (subject in ('plates', 'faces'));
