-- Which format a stored input, event or override is written in. A column with a default, and not a part of the JSON: the
-- previous program, which knows neither, goes on writing beside it, and its rows say rightly that they are of the first.
alter table alarm_inputs add column format smallint not null default 1;
alter table alarm_events add column format smallint not null default 1;
alter table alarm_settings add column format smallint not null default 1;

-- The newest format that any program may have written here. One that knows less does not start on it.
create table stored_format (
  newest smallint not null,
  is_only boolean primary key default true check (is_only)
);
insert into stored_format (newest) values (1);
