import { z } from 'zod';
import { Gap } from '#contracts/http/gaps.ts';
import { Refusal } from '#contracts/http/refusals.ts';
import { Rejected } from '#contracts/http/rejected.ts';
import { REJECT_REASONS } from '#contracts/mqtt/messages.ts';
import type { Asked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { timeNear } from '../../parts/when.ts';
import type { Answer, Server } from '../../shell/server.ts';
import type { Desk } from '../desk.ts';
import type { DeviceText } from './text/en.ts';

/** What of the device was not taken, and why: connections, messages, and what never came. */

export type Losses = {
  readonly refusals: readonly Refusal[];
  readonly rejected: readonly Rejected[];
  readonly gaps: readonly Gap[];
};

const SHOWN = 20;

/** Refused connections are known without the database; the rest is not, and `away` says why. */
export type KnownLosses = Losses & { readonly away: Exclude<Answer<never>, { isOk: true }> | undefined };

export const readLosses = async (server: Server, device: string, signal: AbortSignal): Promise<Answer<KnownLosses>> => {
  const query = { device, limit: SHOWN };
  const [refusals, rejected, gaps] = await Promise.all([
    server.get(z.array(Refusal), `devices/${encodeURIComponent(device)}/refusals`, {}, signal),
    server.get(z.array(Rejected), 'rejected', query, signal),
    server.get(z.array(Gap), 'gaps', query, signal),
  ]);
  if (!refusals.isOk) return refusals;
  const away = rejected.isOk ? (gaps.isOk ? undefined : gaps) : rejected;
  return {
    isOk: true,
    value: {
      refusals: refusals.value,
      rejected: rejected.isOk ? rejected.value : [],
      gaps: gaps.isOk ? gaps.value : [],
      away,
    },
  };
};

type Props = { readonly desk: Desk; readonly text: DeviceText };

const reasonWords = (reason: string, { rejectReasons }: DeviceText): string => {
  const known = REJECT_REASONS.find((one) => one === reason);
  return known === undefined ? reason : rejectReasons[known];
};

const Table = ({ caption, heads, rows }: { caption: string; heads: readonly string[]; rows: readonly string[][] }) => (
  <table class="parts-table">
    <caption>{caption}</caption>
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((cells, place) => (
        <tr key={place}>
          {cells.map((cell, column) => (
            <td key={heads[column]}>{cell}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);

const Refusals = ({ desk, refusals }: { desk: Desk; refusals: readonly Refusal[] }) => (
  <section aria-label={desk.text.lastRefused}>
    <h4>{desk.text.lastRefused}</h4>
    <ul>
      {refusals.slice(0, SHOWN).map(({ reason, address, count, lastAt, firstAt }) => (
        <li key={`${reason} ${address} ${firstAt}`}>
          {desk.text.refusedBecause(
            desk.text.refusalReasons[reason],
            address,
            desk.voice.age(desk.now() - lastAt),
            desk.voice.number(count, 0),
          )}
        </li>
      ))}
    </ul>
  </section>
);

const Told = ({ desk, text, losses }: Props & { losses: KnownLosses }) => {
  const { refusals, rejected, gaps, away } = losses;
  const { voice } = desk;
  const when = (at: number): string => timeNear(at, desk.now(), voice);
  const isNothing = refusals.length + rejected.length + gaps.length === 0 && !away;
  return (
    <>
      {isNothing && <p>{text.noLosses}</p>}
      {refusals.length > 0 && <Refusals desk={desk} refusals={refusals} />}
      <Refused refusal={away} voice={voice} />
      {rejected.length > 0 && (
        <Table
          caption={text.rejected}
          heads={[text.when, text.why, text.what]}
          rows={rejected.map(({ receivedAt, reason, detail }) => [when(receivedAt), reasonWords(reason, text), detail])}
        />
      )}
      {gaps.length > 0 && (
        <Table
          caption={text.gaps}
          heads={[text.when, text.count, text.what]}
          rows={gaps.map(({ openedAt, channel, fromSeq, toSeq, missing, closedAt }) => [
            when(openedAt),
            text.gapRun(channel, String(fromSeq), String(toSeq)),
            closedAt === null ? text.gapOpen(String(missing)) : text.gapClosed,
          ])}
        />
      )}
    </>
  );
};

export const LossesSection = ({
  desk,
  text,
  asked,
  again,
}: Props & { asked: Asked<KnownLosses>; again: () => void }) => (
  <>
    <Refused refusal={asked.refusal} voice={desk.voice} onAgain={again} />
    {asked.value && <Told desk={desk} text={text} losses={asked.value} />}
  </>
);
