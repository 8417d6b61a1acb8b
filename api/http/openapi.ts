import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import { AlarmConfig, AlarmOverrides } from '#domain/alarms/settings.ts';

/** What the domain defines and answers hold, under its own names in the document. */
for (const [id, schema] of Object.entries({ Alarm, AlarmEvent, Inactivation, AlarmConfig, AlarmOverrides })) {
  z.globalRegistry.add(schema, { id });
}

type Override = NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override'];

/**
 * The document tells what is on the wire. A codec, such as `Instant`, is described from its wire side also in an answer, where
 * zod would describe what programs get. The other two are what the library does when it is given no override.
 */
const asOnTheWire: Override = ({ zodSchema, jsonSchema }) => {
  if (zodSchema instanceof z.ZodCodec) {
    const { description } = jsonSchema;
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    const { $schema: _, pattern: __, ...wire } = z.toJSONSchema(zodSchema.def.in);
    Object.assign(jsonSchema, wire, description === undefined ? {} : { description });
  }
  if (zodSchema instanceof z.ZodUnion && jsonSchema.anyOf) {
    jsonSchema.anyOf = jsonSchema.anyOf.filter((schema) => Object.keys(schema).length > 0);
  }
  if (zodSchema instanceof z.ZodUndefined) jsonSchema.type = 'null';
};

const zodToJsonConfig = { override: asOnTheWire } as const;

/** The page at `/api/docs` and its JSON at `/api/docs/json`. To be registered before the routes. */
export const describeApi = async (app: FastifyInstance, version: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'wardwatch',
        version,
        description:
          'Multi-bed patient monitoring. Not a certified medical device: the bedside monitor stays the primary alarm.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'As printed by `wardwatch token`' },
        },
      },
      security: [{ bearer: [] }],
    },
    hideUntagged: true,
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // The page styles itself inline; nothing else about the policy is relaxed.
    transformStaticCSP: (header) => header.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  });
};
