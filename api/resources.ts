import { alarmSettingsRoutes } from './alarm-settings/routes.ts';
import { alarmActionRoutes } from './alarms/actions.ts';
import { alarmRoutes } from './alarms/routes.ts';
import { annotationRoutes } from './annotations/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { bedRoutes } from './beds/routes.ts';
import { messageRoutes } from './devices/messages.ts';
import { connectingRoutes } from './devices/rhythm.ts';
import { deviceRoutes } from './devices/routes.ts';
import { gatewayRoutes } from './gateways/routes.ts';
import { historyRoutes } from './history/routes.ts';
import type { ApiApp, RouteDeps } from './http/route.ts';
import { refusalRoutes } from './losses/refusals.ts';
import { lossRoutes } from './losses/routes.ts';
import { monitorAlarmRoutes } from './monitor-alarms/routes.ts';
import { patientRoutes } from './patients/routes.ts';
import { reviewRoutes } from './review/routes.ts';
import { sessionRoutes } from './session/routes.ts';
import { sessionsRoutes } from './session/sessions.ts';
import { assignmentRoutes } from './stays/assignments.ts';
import { encounterRoutes } from './stays/encounters.ts';
import { unitRoutes } from './units/routes.ts';

/** All that is answered below `/api/v1` over HTTP, in the order of the document. A new resource is one line here. */
export const RESOURCES: readonly ((app: ApiApp, deps: RouteDeps) => void)[] = [
  sessionRoutes,
  sessionsRoutes,
  unitRoutes,
  bedRoutes,
  deviceRoutes,
  connectingRoutes,
  messageRoutes,
  gatewayRoutes,
  patientRoutes,
  encounterRoutes,
  assignmentRoutes,
  historyRoutes,
  annotationRoutes,
  lossRoutes,
  refusalRoutes,
  alarmRoutes,
  alarmActionRoutes,
  monitorAlarmRoutes,
  alarmSettingsRoutes,
  reviewRoutes,
  auditRoutes,
];
