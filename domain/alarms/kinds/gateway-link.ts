import type { Alarm } from '../alarm.ts';
import { changeAlarm, endAlarm, NO_READING, openAlarm } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { expectAnew } from '../standby.ts';
import type { GatewayTrack } from '../state.ts';
import { forgetTechnical } from '../technical.ts';
import { edit, putTechnical, type Transition, trackOf } from '../transition.ts';
import type { TechnicalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/**
 * `gateway-link`: a gateway is gone, and with it the devices that come only through it (D12). The station has a track, and
 * an alarm of its own kind, for each gateway. The track of a bed's device says since when it cannot be heard for that
 * reason: it has no alarm, and while it holds no data of the device is expected to go on.
 */

const ID = 'gateway-link';

export const conditions = {
  'gateway-lost': { type: 'technical', priority: 'medium', label: { en: 'Gateway lost', zh: '网关断开' } },
} as const satisfies Conditions;

/** No alarm may hide another: each gateway has a kind of its own (C3). */
const kindOf = (gateway: string): string => `${ID}:${gateway}`;

const putTrack = (transition: Transition, track: GatewayTrack): void => {
  const { gateways } = transition.state;
  const isKnown = gateways.some(({ gateway }) => gateway === track.gateway);
  edit(transition).gateways = isKnown
    ? gateways.map((one) => (one.gateway === track.gateway ? track : one))
    : [...gateways, track];
};

const loseGateway: DueAct = (transition, at, index) => {
  const track = transition.state.gateways[index];
  if (!track) return;
  const { gateway, beds, since: startedAt } = track;
  const alarm: Alarm = openAlarm(transition, at, {
    kind: kindOf(gateway),
    condition: 'gateway-lost',
    priority: conditions['gateway-lost'].priority,
    vital: null,
    startedAt,
    evidence: NO_READING,
    about: { gateway, beds },
  });
  putTrack(transition, { ...track, alarm });
};

/** The gateway is lost for so many beds. */
const takeLoss = (transition: Transition, at: number, gateway: string, beds: number): void => {
  const known = transition.state.gateways.find((track) => track.gateway === gateway);
  const { since = at, alarm = null } = known ?? {};
  if (known?.beds === beds) return;
  putTrack(transition, { gateway, beds, since, alarm: alarm && changeAlarm(transition, at, { ...alarm, beds }) });
};

const takeReturn = (transition: Transition, at: number, gateway: string): void => {
  const { gateways } = transition.state;
  const known = gateways.find((track) => track.gateway === gateway);
  if (!known) return;
  if (known.alarm) endAlarm(transition, at, known.alarm, 'recovered');
  edit(transition).gateways = gateways.filter((track) => track !== known);
};

/** A bed's device cannot be heard since its gateway is lost, or can again. */
const takeReach = (transition: Transition, at: number, place: number, isLost: boolean): void => {
  const { since } = trackOf(transition, place, ID);
  if (isLost === (since !== null)) return;
  putTechnical(transition, place, ID, { since: isLost ? at : null, alarm: null });
  // D4. A shorter loss is none: a gateway that comes and goes must not keep a silent device from being noticed.
  if (since !== null && at - since >= transition.config.deviceOfflineDelayMs) expectAnew(transition, at, place);
};

export const gatewayLink: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, { gateways }, config) {
    for (let index = 0; index < gateways.length; index++) {
      const track = gateways[index];
      if (track && !track.alarm) noteDue(due, track.since + config.deviceOfflineDelayMs, loseGateway, index);
    }
  },
  on: {
    gateway({ gateway, beds }, transition, at) {
      if (beds > 0) takeLoss(transition, at, gateway, beds);
      else takeReturn(transition, at, gateway);
    },
    device({ gatewayLost }, transition, at, place) {
      if (gatewayLost !== undefined) takeReach(transition, at, place, gatewayLost);
    },
    resumed(_event, transition, _at, place) {
      forgetTechnical(transition, place, ID);
      const { gateways } = transition.state;
      if (gateways.some(({ alarm }) => !alarm)) edit(transition).gateways = gateways.filter(({ alarm }) => alarm);
    },
  },
};
