-- How far the late readings of a bed are scored, and by which settings where those of the time are not known.

-- A pass that is under way: of what arrived up to `received_through`, measured up to `measured_to`, all that was measured
-- before `measured_through` is done.
create table late_passes (
  bed_id text primary key,
  received_through timestamptz not null,
  measured_through timestamptz not null,
  measured_to timestamptz not null
);

-- Late readings scored by settings that were not told the station then. Both ends are times of measurement.
create table late_assumptions (
  bed_id text not null,
  measured_from timestamptz not null,
  measured_to timestamptz not null,
  basis text not null check (basis in ('earliest-known', 'preset')),
  age_group text not null,
  primary key (bed_id, measured_from)
);
