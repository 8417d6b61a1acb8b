import '../parts/controls.css';
import '../parts/parts.css';
import './bed.css';
import './head.css';
import './alarms/alarms.css';
import './live/live.css';

import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { WAVE_IDS, type WaveId } from '#domain/waveforms.ts';
import type { PageProps } from '../shell/page.ts';
import { AlarmPanel, BedActions } from './alarms/panel.tsx';
import type { PageContext } from './context.ts';
import { Devices, Head, nameOf } from './head.tsx';
import { Numbers } from './live/numbers.tsx';
import { Waves } from './live/waves.tsx';
import { createMillimetres } from './millimetres.ts';
import { bedNow } from './now.ts';
import { Tabs } from './tabs.tsx';
import { bedText } from './text/language.ts';

/** One bed: what it is now, and below that what it was and what is set for it. */
export const BedPage = (props: PageProps) => {
  const { wall, voice, router, settings, server } = props;
  const route = router.route.value;
  const bed = route.page === 'bed' ? route.bed : '';
  const now = useMemo(() => bedNow(wall, bed), [wall, bed]);
  const millimetres = useMemo(() => createMillimetres(), []);
  const isLive = wall.board.link.value.state === 'live';
  const patient = useComputed(() => now.value.bed?.patient);
  const isKnown = wall.board.beds.value.some(({ id }) => id === bed);
  if (!isKnown) {
    return <main class="empty">{isLive ? bedText(voice.language).unknownBed : voice.text.connectingTitle}</main>;
  }
  const isOperator = wall.isOperator.value;
  const playing = (): readonly WaveId[] => WAVE_IDS.filter((id) => wall.closeUp.wave(bed, id) !== undefined);
  const patientName = nameOf(patient.value?.name, settings, voice);
  const context: PageContext = {
    ...{ patientName, bed, now, millimetres, isOperator, playing, voice, router, server },
    stationNow: wall.closeUp.now,
  };
  const acting = {
    bed,
    now,
    server,
    voice,
    isOperator,
    patientName,
    onLook: (ms: number) => router.go({ page: 'bed', bed }, { view: 'recording', at: String(ms) }),
  };
  return (
    <main class="page bed-page">
      <Head now={now} voice={voice} settings={settings} router={router} />
      <div class="bed-live">
        <Numbers now={now} voice={voice} />
        <AlarmPanel {...acting} />
        <Waves bed={bed} wall={wall} voice={voice} millimetres={millimetres} />
        <BedActions {...acting} />
      </div>
      <Devices now={now} voice={voice} server={server} />
      <Tabs {...context} />
    </main>
  );
};
