import '../../parts/controls.css';
import '../../parts/parts.css';
import '../admin.css';
import './device.css';

import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { DeviceRhythm } from '#contracts/http/device-rhythm.ts';
import { type Asked, useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import { pageClock } from '../../shell/clock.ts';
import type { PageProps } from '../../shell/page.ts';
import { Connect } from '../connect/connect.tsx';
import type { Desk } from '../desk.ts';
import { OpenedDialog } from '../dialogs.tsx';
import type { DeviceRow } from '../overview.ts';
import { readRegistry } from '../registry.ts';
import { secondsOf } from '../seconds.ts';
import { type Loaded, useDesk, useLiveDevices } from '../use-desk.ts';
import { NowFacts, RhythmFacts } from './facts.tsx';
import { LossesSection, readLosses } from './losses.tsx';
import { Messages } from './messages.tsx';
import { RhythmPlot } from './rhythm-plot.tsx';
import type { DeviceText } from './text/en.ts';
import { deviceText } from './text/language.ts';

const RHYTHM_EVERY_MS = 2_000;
const LOSSES_EVERY_MS = 10_000;

const Section = ({ title, children }: { title: string; children: ComponentChildren }) => {
  const id = useId();
  return (
    <section class="admin-device-section" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
};

const useAskedEvery = (again: () => void, everyMs: number): void => {
  useEffect(() => pageClock.every(everyMs, again), [again, everyMs]);
};

const Verbs = ({ desk, row }: { desk: Desk; row: DeviceRow }) => {
  const { text, open } = desk;
  const { device, bed, hearing } = row;
  const proposedMs = hearing.intervalProposedMs ?? null;
  return (
    <div class="parts-buttons">
      {proposedMs !== null && (
        <button
          type="button"
          class="parts-main"
          onClick={() => open({ kind: 'interval', id: device.id, intervalMs: proposedMs })}
        >
          {text.confirmInterval(secondsOf(proposedMs))}
        </button>
      )}
      <button type="button" onClick={() => open({ kind: 'assign', device: device.id })}>
        {text.assign}
      </button>
      {bed && (
        <button type="button" onClick={() => open({ kind: 'release', device: device.id })}>
          {text.release}
        </button>
      )}
      <button type="button" onClick={() => open({ kind: 'secret', id: device.id, of: 'devices' })}>
        {text.newSecret}
      </button>
      <button type="button" onClick={() => open({ kind: 'device', id: device.id })}>
        {text.edit}
      </button>
    </div>
  );
};

type RhythmProps = { desk: Desk; text: DeviceText; asked: Asked<DeviceRhythm>; again: () => void };

/** What was known stays when the station does not answer, and says of when it is. */
const Rhythm = ({ desk, text, asked: { value: rhythm, refusal }, again }: RhythmProps) => {
  const { voice } = desk;
  return (
    <>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {refusal && rhythm && <p class="admin-note">{text.notCurrent(voice.timeOfDay(rhythm.at))}</p>}
      {!rhythm && !refusal && <p>{partsText(voice.language).loading}</p>}
      {rhythm && (
        <div class={refusal ? 'admin-device-old' : ''}>
          {rhythm.arrivals.length === 0 && rhythm.link.since === null && rhythm.link.lostAt === null && (
            <p class="admin-note">{text.notHeard}</p>
          )}
          <p class="parts-dim">{text.rhythmHelp}</p>
          <RhythmPlot rhythm={rhythm} voice={voice} text={text} />
          <RhythmFacts desk={desk} text={text} rhythm={rhythm} />
        </div>
      )}
    </>
  );
};

const Known = ({ loaded, desk, row }: { loaded: Loaded; desk: Desk; row: DeviceRow }) => {
  const { wall, voice, server, router } = loaded;
  const { id, unit } = row.device;
  const text = deviceText(voice.language);
  const path = `devices/${encodeURIComponent(id)}`;
  const rhythm = useAsked(path, (signal) => server.get(DeviceRhythm, `${path}/rhythm`, {}, signal));
  useAskedEvery(rhythm.again, RHYTHM_EVERY_MS);
  const losses = useAsked(path, (signal) => readLosses(server, id, signal));
  useAskedEvery(losses.again, LOSSES_EVERY_MS);
  const isOperator = wall.isOperator.value;
  const isKnown = wall.closeUp.moment.value !== undefined;
  const live = isKnown ? wall.closeUp.devices().find(({ device }) => device.id === id)?.device : undefined;
  const bed = desk.overview.beds.find((one) => one.bed.id === row.bed?.id);
  return (
    <>
      {isOperator && <Verbs desk={desk} row={row} />}
      <Section title={text.now}>
        <NowFacts {...{ desk, text, router, row, bed, live }} />
      </Section>
      <Section title={text.rhythm}>
        <Rhythm desk={desk} text={text} asked={rhythm.asked.value} again={rhythm.again} />
      </Section>
      <Section title={text.sends}>
        {isOperator ? <Messages device={id} voice={voice} text={text} /> : <p>{text.sendsOperators}</p>}
      </Section>
      <Section title={text.losses}>
        <LossesSection desk={desk} text={text} asked={losses.asked.value} again={losses.again} />
      </Section>
      <Section title={text.connect}>
        <p class="parts-dim">{text.connectHelp}</p>
        <Connect server={server} voice={voice} device={id} unit={unit} />
      </Section>
    </>
  );
};

const OneDevice = (props: Loaded & { readonly id: string }) => {
  const { id, voice, router, refusal, reload } = props;
  const { desk, dialog, done } = useDesk(props);
  const text = deviceText(voice.language);
  const row = desk.overview.devices.find(({ device }) => device.id === id);
  return (
    <main class="page admin admin-device">
      <p class="admin-device-back">
        <a
          href="/admin?section=devices"
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            router.go({ page: 'admin' }, { section: 'devices' });
          }}
        >
          {text.back}
        </a>
      </p>
      <h2 class="parts-title">{text.title(id)}</h2>
      <Refused refusal={refusal} voice={voice} onAgain={reload} />
      <p class="admin-done" role="status">
        {done.value}
      </p>
      {row ? <Known loaded={props} desk={desk} row={row} /> : <p class="admin-note">{text.unknown(id)}</p>}
      {dialog.value && <OpenedDialog key={JSON.stringify(dialog.value)} desk={desk} dialog={dialog.value} />}
    </main>
  );
};

/** One device: what it sends, how often, what of it is refused, and how it is connected. */
export const DevicePage = (props: PageProps) => {
  const { wall, voice, server, router } = props;
  const { devices, roster } = useLiveDevices(wall);
  const { asked, again } = useAsked(String(roster.value), (signal) => readRegistry(server, signal));
  const { value: registry, refusal } = asked.value;
  const route = router.route.value;
  const id = route.page === 'device' ? route.device : '';
  if (registry) {
    return (
      <OneDevice {...props} id={id} registry={registry} devices={devices.value} refusal={refusal} reload={again} />
    );
  }
  return (
    <main class="page admin admin-device">
      <h2 class="parts-title">{deviceText(voice.language).title(id)}</h2>
      {refusal ? (
        <Refused refusal={refusal} voice={voice} onAgain={again} />
      ) : (
        <p>{partsText(voice.language).loading}</p>
      )}
    </main>
  );
};
