-- The alarms that monitors report: what was told, what came of it, and each alarm as it last was. Beside the station's own
-- alarms and not among them: they have other words, and a program from before this reads only its own. What comes through
-- the journal has no foreign keys: it must never be refused.

create table monitor_alarms (
  id text primary key,
  unit_id text,
  bed_id text,
  device_id text not null,
  encounter_id integer,
  kind text not null,
  boot text not null,
  number text not null,
  event text,
  code bigint,
  text text,
  vital text,
  type text,
  priority text not null,
  -- The most urgent that it was told to be.
  worst_priority text not null,
  state text not null,
  started_at timestamptz not null,
  decided_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  ended_at timestamptz,
  end_cause text,
  recurrences integer not null default 0,
  -- The alarm as it last was, and its format.
  detail jsonb not null,
  format integer not null,
  last_event_at timestamptz not null,
  journal_id uuid,
  journal_seq bigint
);
create index monitor_alarms_by_bed on monitor_alarms (bed_id, decided_at desc);
create index monitor_alarms_by_time on monitor_alarms (decided_at);

create table monitor_alarm_events (
  journal_id uuid not null,
  journal_seq bigint not null,
  place smallint not null,
  at timestamptz not null,
  unit_id text,
  bed_id text,
  alarm_id text not null,
  type text not null,
  actor text,
  cause text,
  detail jsonb not null,
  format integer not null,
  primary key (journal_id, journal_seq, place)
);
create index monitor_alarm_events_by_alarm on monitor_alarm_events (alarm_id);
create index monitor_alarm_events_by_bed on monitor_alarm_events (bed_id, at);
create index monitor_alarm_events_by_time on monitor_alarm_events (at);

-- `input` as it was told, its times exact. Type `checkpoint`: where it stood after the others of its record. `bed_id` null:
-- it was of nobody who is known, and is only kept.
create table monitor_alarm_inputs (
  journal_id uuid not null,
  journal_seq bigint not null,
  place smallint not null,
  at timestamptz not null,
  unit_id text,
  bed_id text,
  device_id text,
  type text not null,
  input jsonb not null,
  format integer not null,
  primary key (journal_id, journal_seq, place)
);
create index monitor_alarm_inputs_by_bed on monitor_alarm_inputs (bed_id, at);
create index monitor_alarm_inputs_by_time on monitor_alarm_inputs (at);

create trigger append_only before update or delete on monitor_alarm_events for each row execute function refuse_change();
create trigger append_only before update or delete on monitor_alarm_inputs for each row execute function refuse_change();
create trigger not_emptied before truncate on monitor_alarm_events for each statement execute function refuse_change();
create trigger not_emptied before truncate on monitor_alarm_inputs for each statement execute function refuse_change();
