-- How far apart the messages of a device are expected to be, as a person confirmed it. null: it sends continuously.
alter table devices add column expected_interval_ms integer check (expected_interval_ms between 1000 and 900000);
