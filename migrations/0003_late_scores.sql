-- Up to which arrival the late readings of a bed have been scored: what they would have alarmed is in `alarms`.
create table late_scores (
  bed_id text primary key,
  received_through timestamptz not null
);
