-- Tables of the ward and of what it measures. Hypertables, compression, rollups and retention are not here: they
-- depend on what the server offers and are ensured at each start (levels.ts).

create table units (
  id text primary key,
  name text not null
);

create table beds (
  id text primary key,
  unit_id text not null references units,
  label text not null
);

create table devices (
  id text primary key,
  unit_id text not null references units,
  -- SHA-256 of the MQTT secret. The secret is 256 random bits, so a slow hash would add cost and no safety.
  secret_hash bytea not null,
  model text,
  firmware text,
  created_at timestamptz not null default now()
);

create table patients (
  id integer generated always as identity primary key,
  mrn text unique,
  name text not null,
  birth_date date,
  sex text not null default 'unknown' check (sex in ('female', 'male', 'other', 'unknown')),
  age_group text not null default 'adult' check (age_group in ('adult', 'paediatric', 'neonatal'))
);

create table encounters (
  id integer generated always as identity primary key,
  patient_id integer not null references patients,
  bed_id text not null references beds,
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at > started_at)
);
create unique index encounters_one_open_a_bed on encounters (bed_id) where ended_at is null;
create unique index encounters_one_open_a_patient on encounters (patient_id) where ended_at is null;

create table device_assignments (
  id integer generated always as identity primary key,
  device_id text not null references devices,
  bed_id text not null references beds,
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at > started_at)
);
create unique index device_assignments_one_open_a_device on device_assignments (device_id) where ended_at is null;
create unique index device_assignments_one_open_a_bed on device_assignments (bed_id) where ended_at is null;

-- One line of measurements: what a device measured for a vital or waveform, in a bed, of an encounter.
-- `signal` is a catalogue id. A corrected assignment is an update here, not of the measurements.
create table series (
  id integer generated always as identity primary key,
  device_id text not null references devices,
  signal text not null,
  bed_id text references beds,
  encounter_id integer references encounters,
  unique nulls not distinct (device_id, signal, bed_id, encounter_id)
);
create index series_by_bed on series (bed_id, signal);
create index series_by_encounter on series (encounter_id);

-- `value` null: the sensor was there and had no value. quality: 0 good, 1 questionable, 2 invalid.
create table vitals (
  time timestamptz not null,
  received_at timestamptz not null,
  value double precision,
  series_id integer not null,
  quality smallint not null,
  late boolean not null,
  unique (series_id, time)
);

-- A block a row; sample i is at time + i / rate. NaN is a missing sample.
create table waves (
  time timestamptz not null,
  received_at timestamptz not null,
  series_id integer not null,
  rate real not null,
  late boolean not null,
  samples real[] not null,
  unique (series_id, time)
);

-- Refused messages, or refused entries of a message. The journal position makes a second write harmless.
create table rejected_messages (
  journal_id uuid not null,
  journal_seq bigint not null,
  received_at timestamptz not null,
  topic text not null,
  device_id text,
  reason text not null,
  detail text not null,
  -- The first bytes of the payload, enough to find the sender's mistake.
  payload bytea not null,
  payload_bytes integer not null,
  primary key (journal_id, journal_seq)
);
create index rejected_messages_by_time on rejected_messages (received_at);

-- The highest sequence number stored, by device, channel and boot: where gap tracking goes on after a restart.
create table device_progress (
  device_id text not null,
  channel text not null,
  boot text not null,
  last_seq bigint not null,
  updated_at timestamptz not null,
  primary key (device_id, channel, boot)
);

-- Runs of sequence numbers that did not arrive when the next ones did. `remaining` shrinks as they come late.
create table gaps (
  device_id text not null,
  channel text not null,
  boot text not null,
  from_seq bigint not null,
  to_seq bigint not null,
  remaining int8multirange not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (device_id, channel, boot, from_seq)
);
create index gaps_open on gaps (device_id) where closed_at is null;

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);

-- For people and Grafana.
create view readings as
select
  vitals.time,
  coalesce(beds.unit_id, devices.unit_id) as unit,
  series.bed_id as bed,
  series.device_id as device,
  encounters.patient_id::text as patient_id,
  series.signal as vital,
  vitals.value,
  (array['good', 'questionable', 'invalid'])[vitals.quality + 1] as quality,
  vitals.late
from vitals
join series on series.id = vitals.series_id
join devices on devices.id = series.device_id
left join beds on beds.id = series.bed_id
left join encounters on encounters.id = series.encounter_id;
