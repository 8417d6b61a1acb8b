import { useSignal } from '@preact/signals';
import type { PresentGateway } from '#contracts/http/gateways.ts';
import { Choices, Field, into } from '../parts/form.tsx';
import { type Desk, useDeed } from './desk.ts';
import { FormDialog } from './form.tsx';
import { Credentials, ID, unitChoices } from './records.tsx';
import { LastRefused } from './refusals.tsx';

/** Gateways are added with the devices that they may publish for, changed and removed. */

/** A device is listed under one gateway at most. */
export const choosable = (
  { devices, gateways }: Pick<Desk['registry'], 'devices' | 'gateways'>,
  gateway: string | undefined,
): readonly string[] => {
  const taken = new Set(gateways.flatMap((other) => (other.id === gateway ? [] : other.devices)));
  return devices.map(({ id }) => id).filter((id) => !taken.has(id));
};

const DeviceChoices = ({
  legend,
  ids,
  chosen,
  onChange,
}: {
  legend: string;
  ids: readonly string[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}) => (
  <fieldset class="admin-listed">
    <legend>{legend}</legend>
    {ids.map((id) => (
      <label key={id} class="admin-choice">
        <input
          type="checkbox"
          checked={chosen.has(id)}
          onChange={(event) => {
            const others = [...chosen].filter((one) => one !== id);
            onChange(new Set(event.currentTarget.checked ? [...others, id] : others));
          }}
        />
        {id}
      </label>
    ))}
  </fieldset>
);

export const GatewayDialog = ({ desk, id: known }: { desk: Desk; id?: string }) => {
  const { text, server, registry } = desk;
  const deed = useDeed(desk, 'gateway');
  const present = registry.gateways.find((gateway) => gateway.id === known);
  const id = useSignal(known ?? '');
  const unit = useSignal(present?.unit ?? '');
  const chosen = useSignal<ReadonlySet<string>>(new Set(present?.devices));

  const save = (): void => {
    void deed.during(async () => {
      const about = { unit: unit.peek() || null, devices: [...chosen.peek()] };
      if (present) {
        const answer = await server.send('PATCH', `gateways/${present.id}`, about);
        return answer.isOk ? desk.done(text.doneSaved(present.id)) : deed.refused(answer);
      }
      const answer = await server.send('POST', 'gateways', { id: id.peek().trim(), ...about }, Credentials);
      if (!answer.isOk) return deed.refused(answer);
      desk.reload();
      desk.open({ kind: 'credentials', ...answer.value });
    });
  };

  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={present ? text.gatewayEdit(present.id) : text.gatewayTitle}
      verb={text.save}
      onSubmit={save}
    >
      {!present && (
        <Field label={text.id} hint={text.idHint} required pattern={ID} value={id.value} onValue={into(id)} />
      )}
      <Choices
        label={text.unit}
        hint={text.optional}
        value={unit.value}
        choices={[{ value: '', label: text.none }, ...unitChoices(desk)]}
        onValue={into(unit)}
      />
      <DeviceChoices
        legend={text.gatewayDevices}
        ids={choosable(registry, known)}
        chosen={chosen.value}
        onChange={into(chosen)}
      />
      {present && <LastRefused desk={desk} path={`gateways/${present.id}`} />}
    </FormDialog>
  );
};

export const RemoveGatewayDialog = ({ desk, id }: { desk: Desk; id: string }) => {
  const { text, server } = desk;
  const deed = useDeed(desk, 'gateway');
  const remove = (): void => {
    void deed.during(async () => {
      const answer = await server.send('DELETE', `gateways/${id}`);
      if (answer.isOk) desk.done(text.doneRemoved(id));
      else deed.refused(answer);
    });
  };
  return (
    <FormDialog desk={desk} deed={deed} title={text.removeTitle(id)} verb={text.remove} onSubmit={remove}>
      <p>{text.removeHelp}</p>
    </FormDialog>
  );
};

/** How a gateway is, in words: `Offline 3 min · last heard 3 min ago`. */
export const presenceText = ({ state, since, lastHeardAt }: PresentGateway, { text, voice, now }: Desk): string => {
  const age = (at: number): string => voice.age(Math.max(0, now() - at));
  const words = state === 'offline' && since !== null ? text.offlineFor(age(since)) : text.hearing[state];
  return [words, lastHeardAt === null ? '' : text.heardAgo(age(lastHeardAt))].filter(Boolean).join(' · ');
};
