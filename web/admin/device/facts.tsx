import type { ComponentChildren } from 'preact';
import type { DeviceRhythm } from '#contracts/http/device-rhythm.ts';
import type { LiveDevice } from '#contracts/live.ts';
import { Link } from '../../shell/link.tsx';
import type { Router } from '../../shell/router.ts';
import type { Desk } from '../desk.ts';
import { Heard } from '../lists.tsx';
import type { BedRow, DeviceRow } from '../overview.ts';
import { secondsOf } from '../seconds.ts';
import type { DeviceText } from './text/en.ts';

/** What is known of a device, each fact with its name. */

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div class="admin-device-fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

type PlaceProps = { desk: Desk; text: DeviceText; router: Router; row: DeviceRow; bed: BedRow | undefined };

const Place = ({ desk, text, router, row, bed }: PlaceProps) => {
  if (!row.bed) return <>{text.noBed}</>;
  const { id, label } = row.bed;
  return (
    <>
      <Link to={{ page: 'bed', bed: id }} router={router} label={desk.text.openBed(label)}>
        {label}
      </Link>{' '}
      <span class="parts-dim">{bed?.patient ? desk.nameOf(bed.patient) : text.noPatient}</span>
    </>
  );
};

type NowProps = PlaceProps & { live: LiveDevice | undefined };

export const NowFacts = (props: NowProps) => {
  const { desk, text, row, live } = props;
  const { model, firmware } = row.device;
  const battery = live?.battery ?? null;
  return (
    <dl class="admin-device-facts">
      <Fact name={text.state}>
        <Heard desk={desk} hearing={row.hearing} />
      </Fact>
      <Fact name={text.place}>
        <Place {...props} />
      </Fact>
      <Fact name={desk.text.unit}>{row.unitName}</Fact>
      <Fact name={text.battery}>{battery === null ? text.unknownFact : desk.voice.percent(battery)}</Fact>
      <Fact name={desk.text.model}>{model ?? text.unknownFact}</Fact>
      <Fact name={desk.text.firmware}>{firmware ?? text.unknownFact}</Fact>
    </dl>
  );
};

/** Differences that the network alone can make. */
const RIGHT_WITHIN_MS = 2_000;

const clockWords = ({ clock: { offsetMs, isSteady } }: DeviceRhythm, text: DeviceText): string => {
  if (offsetMs === null) return text.clockUnknown;
  const seconds = secondsOf(Math.abs(offsetMs));
  const far = offsetMs > 0 ? text.clockBehind(seconds) : text.clockAhead(seconds);
  const words = Math.abs(offsetMs) <= RIGHT_WITHIN_MS ? text.clockRight(secondsOf(RIGHT_WITHIN_MS)) : far;
  return isSteady ? words : text.clockUnsteady(words);
};

const linkWords = ({ link: { since, lostAt }, at }: DeviceRhythm, text: DeviceText, { voice }: Desk): string => {
  if (since !== null) return text.linkSince(voice.age(at - since));
  return lostAt === null ? text.noLink : text.linkLost(voice.age(at - lostAt));
};

/** What each says of how often it sends: what a person set, what it told, what was seen, and what is in force. */
const intervalWords = ({ interval }: DeviceRhythm, text: DeviceText): string[] => {
  const every = (ms: number | null): string => (ms === null ? text.continuous : text.every(secondsOf(ms)));
  const { setMs, inForceMs, toldMs, seenMs } = interval;
  return [
    text.intervalSet(every(setMs)),
    ...(inForceMs === setMs ? [] : [text.intervalInForce(every(inForceMs))]),
    text.intervalTold(toldMs === null ? text.unknownFact : every(toldMs)),
    text.intervalSeen(seenMs === null ? text.unknownFact : every(seenMs)),
  ];
};

export const RhythmFacts = ({ desk, text, rhythm }: { desk: Desk; text: DeviceText; rhythm: DeviceRhythm }) => {
  const { boot, seq } = rhythm;
  return (
    <dl class="admin-device-facts">
      <Fact name={text.interval}>
        {intervalWords(rhythm, text).map((words) => (
          <span key={words} class="admin-device-interval">
            {words}
          </span>
        ))}
      </Fact>
      <Fact name={text.link}>{linkWords(rhythm, text, desk)}</Fact>
      <Fact name={text.clock}>{clockWords(rhythm, text)}</Fact>
      <Fact name={text.boot}>
        {seq === null ? text.noBoot : text.bootAndSeq(boot ?? text.unknownFact, String(seq))}
      </Fact>
    </dl>
  );
};
