-- Alarms: what was decided, what happened to each and who did it, and what the engine was told beside readings, so that
-- it can be decided again. What comes through the journal has no foreign keys: it must never be refused.

create table alarms (
  id text primary key,
  unit_id text,
  bed_id text,
  device_id text,
  encounter_id integer,
  kind text not null,
  condition text not null,
  vital text,
  type text not null check (type in ('physiological', 'technical')),
  priority text not null check (priority in ('low', 'medium', 'high')),
  state text not null check (state in ('active', 'latched', 'ended')),
  -- Would have alarmed: found afterwards in data that came late, and never announced.
  late boolean not null default false,
  started_at timestamptz not null,
  decided_at timestamptz not null,
  measured_at timestamptz,
  received_at timestamptz,
  published_at timestamptz,
  shown_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  ended_at timestamptz,
  end_cause text,
  value double precision,
  limit_value double precision,
  worst double precision,
  recurrences integer not null default 0,
  -- The versions of the settings that decided it.
  config jsonb not null,
  inactivation text,
  last_event_at timestamptz,
  -- The record that says what the row now says: an older one that is written again changes nothing.
  journal_id uuid,
  journal_seq bigint
);
create index alarms_by_bed on alarms (bed_id, decided_at desc);
create index alarms_by_time on alarms (decided_at);
create index alarms_open on alarms (unit_id, bed_id) where state <> 'ended';

-- `detail` is the event as it was announced. `alarm_id` null: a pause or its end.
create table alarm_events (
  journal_id uuid not null,
  journal_seq bigint not null,
  place smallint not null,
  at timestamptz not null,
  unit_id text,
  bed_id text,
  alarm_id text,
  type text not null,
  actor text,
  cause text,
  detail jsonb not null,
  primary key (journal_id, journal_seq, place)
);
create index alarm_events_by_alarm on alarm_events (alarm_id);
create index alarm_events_by_bed on alarm_events (bed_id, at);
create index alarm_events_by_time on alarm_events (at);

-- `input` is the input as the engine was given it, its times exact. Type `checkpoint`: { "state": …, "config": … }, where it stood
-- after the other inputs and the events of its record.
create table alarm_inputs (
  journal_id uuid not null,
  journal_seq bigint not null,
  place smallint not null,
  at timestamptz not null,
  unit_id text,
  bed_id text,
  type text not null,
  input jsonb not null,
  primary key (journal_id, journal_seq, place)
);
create index alarm_inputs_by_bed on alarm_inputs (bed_id, at);
create index alarm_inputs_by_time on alarm_inputs (at);

-- What a unit has other than the preset of an age group, or a stay other than its unit. The highest version is in force.
create table alarm_settings (
  version integer generated always as identity primary key,
  unit_id text references units,
  age_group text check (age_group in ('adult', 'paediatric', 'neonatal')),
  encounter_id integer references encounters,
  overrides jsonb not null,
  reason text not null,
  author text not null,
  created_at timestamptz not null default now(),
  check (num_nonnulls(unit_id, age_group) in (0, 2) and num_nonnulls(unit_id, encounter_id) = 1)
);
create index alarm_settings_of_units on alarm_settings (unit_id, age_group, version desc) where unit_id is not null;
create index alarm_settings_of_stays on alarm_settings (encounter_id, version desc) where encounter_id is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
  -- What retention removes, it removes with this set for its own statement.
  if tg_op = 'DELETE' and current_setting('wardwatch.retention', true) = 'on' then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'object_not_in_prerequisite_state';
end $$;

create trigger append_only before update or delete on alarm_events for each row execute function refuse_change();
create trigger append_only before update or delete on alarm_inputs for each row execute function refuse_change();
create trigger append_only before update or delete on alarm_settings for each row execute function refuse_change();
create trigger not_emptied before truncate on alarm_events for each statement execute function refuse_change();
create trigger not_emptied before truncate on alarm_inputs for each statement execute function refuse_change();
create trigger not_emptied before truncate on alarm_settings for each statement execute function refuse_change();

-- Readings that a correction replaced: an alarm may have been decided by one.
create table vitals_replaced (
  series_id integer not null,
  time timestamptz not null,
  received_at timestamptz not null,
  value double precision,
  quality smallint not null,
  late boolean not null,
  primary key (series_id, time, received_at)
);

create function keep_replaced() returns trigger language plpgsql as $$
begin
  insert into vitals_replaced (series_id, time, received_at, value, quality, late)
  values (old.series_id, old.time, old.received_at, old.value, old.quality, old.late)
  on conflict do nothing;
  return null;
end $$;

-- A trigger, and not part of the statement that corrects: corrections are rare, and to look for what they replace would
-- be a join of every redelivered batch with all of the table. An older value comes back for a moment when a restarted
-- station writes its last second again; it replaces nothing.
create trigger keep_replaced after update on vitals for each row
  when ((old.value, old.quality) is distinct from (new.value, new.quality) and old.received_at <= new.received_at)
  execute function keep_replaced();

-- What came late since then, for the alarms that it would have made.
create index vitals_late on vitals (received_at) where late;
