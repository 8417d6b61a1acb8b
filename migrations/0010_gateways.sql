-- Gateways: one connection that publishes for several devices. A device is listed under one gateway at most; it keeps its
-- own secret, and may connect by itself too. Deleting a gateway leaves its devices as they are.
create table gateways (
  id text primary key,
  unit_id text references units,
  -- SHA-256 of the MQTT secret, as for devices.
  secret_hash bytea not null,
  created_at timestamptz not null default now()
);
alter table devices add column gateway_id text references gateways on delete set null;
create index devices_by_gateway on devices (gateway_id) where gateway_id is not null;

-- Gateways and devices sign in by their ids, so no id may be of both. The lock makes two that are added at once wait for
-- each other, because neither can see the row of the other.
create function refuse_name_twice() returns trigger language plpgsql as $$
declare
  is_taken boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.id, 0));
  if tg_table_name = 'devices' then
    is_taken := exists (select from gateways where id = new.id);
  else
    is_taken := exists (select from devices where id = new.id);
  end if;
  if is_taken then
    raise exception 'the id % is taken', new.id using errcode = 'unique_violation', constraint = 'mqtt_names_once';
  end if;
  return new;
end $$;
create trigger names_once before insert on devices for each row execute function refuse_name_twice();
create trigger names_once before insert on gateways for each row execute function refuse_name_twice();
