-- What a device is for at a bed. A bed may have several devices.
alter table devices add column role text not null default 'monitor'
  check (role in ('monitor', 'ventilator', 'oximeter', 'cuff', 'pump', 'other'));
drop index device_assignments_one_open_a_bed;
create index device_assignments_open_by_bed on device_assignments (bed_id) where ended_at is null;
