import { KnownAlarmHistory } from '#contracts/http/alarms.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import type { Server } from '../../shell/server.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { explain, type Line, story } from './explained.ts';

type Props = {
  readonly id: string;
  /** Changes with the alarm, so that it is read anew. */
  readonly stamp: string;
  readonly server: Server;
  readonly voice: Voice;
};

/** Why this alarm is there, from the record. */
export const Explanation = ({ id, stamp, server, voice }: Props) => {
  const { asked, again } = useAsked(`${id} ${stamp}`, (signal) =>
    server.get(KnownAlarmHistory, `alarms/${encodeURIComponent(id)}`, {}, signal),
  );
  const { value, refusal, isLoading } = asked.value;
  return (
    <div>
      {isLoading && !value && <p role="status">{partsText(voice.language).loading}</p>}
      {value && <Lines lines={explain(value, voice)} />}
      {value && <h3>{bedText(voice.language).explained.events}</h3>}
      {value && <Lines lines={story(value, voice)} />}
      <Refused refusal={refusal} voice={voice} onAgain={again} />
    </div>
  );
};

const Lines = ({ lines }: { lines: readonly Line[] }) => (
  <dl>
    {lines.map(({ term, words }) => (
      <div key={term + words}>
        <dt>{term}</dt>
        <dd>{words}</dd>
      </div>
    ))}
  </dl>
);
