import type pg from 'pg';

/** The relations whose rule reads the table. */
const READERS = `
  select ev_class from pg_rewrite join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
  where refclassid = 'pg_class'::regclass and refobjid = $1::regclass`;

/** What a table has beside its columns, in the server's own words: they name the table, and so hold for its successor. */
const BELONGINGS = {
  indexes: `
    select quote_ident(relname) as name, conname is not null as "isConstraint",
      coalesce(pg_get_constraintdef(pg_constraint.oid), pg_get_indexdef(indexrelid)) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    left join pg_constraint on conindid = indexrelid and conrelid = indrelid
    where indrelid = $1::regclass order by indexrelid`,
  triggers: `
    select quote_ident(tgname) as name, pg_get_triggerdef(oid) as definition
    from pg_trigger where tgrelid = $1::regclass and not tgisinternal order by oid`,
  grants: `
    select case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as name,
      privilege_type || case when is_grantable then ' with grant option' else '' end as definition
    from pg_class, aclexplode(relacl) where pg_class.oid = $1::regclass and grantee <> relowner`,
  views: `
    select oid::regclass::text as name, pg_get_viewdef(oid) as definition
    from pg_class where relkind = 'v' and oid in (${READERS})`,
  owner: `
    select quote_ident(pg_get_userbyid(relowner)) as name, '' as definition from pg_class where oid = $1::regclass`,
} as const satisfies Record<string, string>;

/** What holds on to the table itself, whatever its name, and is not ours to make anew. */
const HOLDERS = `
  select 'materialized view ' || oid::regclass as name from pg_class where relkind = 'm' and oid in (${READERS})
  union all
  select 'publication ' || pubname from pg_publication join pg_publication_rel on prpubid = pg_publication.oid
  where prrelid = $1::regclass
  union all
  select 'function ' || objid::regprocedure from pg_depend
  where classid = 'pg_proc'::regclass and refclassid = 'pg_class'::regclass and refobjid = $1::regclass`;

type Belonging = { readonly name: string; readonly definition: string; readonly isConstraint?: boolean };

/** Something of the operator's would go on to read the table that stepped aside. */
export class TableHeldError extends Error {
  override readonly name = 'TableHeldError';
}

const refuseHeld = async (client: pg.ClientBase, table: string): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(HOLDERS, [table]);
  if (rows.length === 0) return;
  throw new TableHeldError(`${rows.map(({ name }) => name).join(', ')} reads ${table} itself: drop it first`);
};

/**
 * Has a table step aside under another name, and puts an empty one in its place with its columns, keys, triggers, rights,
 * and the views that read it. `how` is the end of the statement that makes it. Inside a transaction. Throws a
 * TableHeldError when something else depends on the table.
 */
export const replaceTable = async (
  client: pg.ClientBase,
  table: string,
  { aside, how = '' }: { aside: string; how?: string },
): Promise<void> => {
  await client.query(`lock table ${table} in access exclusive mode`);
  await refuseHeld(client, table);
  const read = async (what: keyof typeof BELONGINGS) => (await client.query<Belonging>(BELONGINGS[what], [table])).rows;
  const indexes = await read('indexes');
  const triggers = await read('triggers');
  const grants = await read('grants');
  const views = await read('views');
  const [owner] = await read('owner');

  for (const { name } of triggers) await client.query(`drop trigger ${name} on ${table}`);
  for (const [place, { name }] of indexes.entries()) {
    await client.query(`alter index ${name} rename to ${aside}_index_${place + 1}`);
  }
  await client.query(`alter table ${table} rename to ${aside}`);
  await client.query(`create table ${table} (like ${aside} including all excluding indexes) ${how}`);
  for (const { name, definition, isConstraint } of indexes) {
    await client.query(isConstraint ? `alter table ${table} add constraint ${name} ${definition}` : definition);
  }
  for (const { definition } of triggers) await client.query(definition);
  for (const { name, definition } of grants) {
    const [privilege, withGrant] = definition.split(' with ');
    await client.query(`grant ${privilege} on ${table} to ${name}${withGrant ? ` with ${withGrant}` : ''}`);
  }
  for (const { name, definition } of views) await client.query(`create or replace view ${name} as ${definition}`);
  await client.query(`alter table ${table} owner to ${owner?.name}`);
};
