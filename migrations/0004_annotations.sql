-- Notes of people about a time at a bed. What was written stays: taking one back is a row of its own.
create table annotations (
  id integer generated always as identity primary key,
  bed_id text not null references beds,
  encounter_id integer references encounters,
  at timestamptz not null,
  -- null: a moment.
  until timestamptz,
  text text not null check (length(text) between 1 and 2000),
  author text not null,
  created_at timestamptz not null default now(),
  check (until > at)
);
create index annotations_by_bed on annotations (bed_id, at);
create index annotations_by_time on annotations (at);

create table annotation_retractions (
  annotation_id integer primary key references annotations on delete cascade,
  author text not null,
  created_at timestamptz not null default now()
);

create trigger append_only before update or delete on annotations for each row execute function refuse_change();
create trigger append_only before update or delete on annotation_retractions for each row execute function refuse_change();
create trigger not_emptied before truncate on annotations for each statement execute function refuse_change();
create trigger not_emptied before truncate on annotation_retractions for each statement execute function refuse_change();
