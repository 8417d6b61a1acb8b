import './connect.css';

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { MqttDoors } from '#contracts/http/mqtt-doors.ts';
import { useAsked } from '../../parts/asked.ts';
import { Choices, Field, into } from '../../parts/form.tsx';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import type { Server } from '../../shell/server.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { DeviceText } from '../device/text/en.ts';
import { deviceText } from '../device/text/language.ts';
import { type Connection, connectionJson, isLoopback, readAddress, topicOf, urlOf } from './connection.ts';
import { Copied } from './copy.tsx';
import { Qr } from './qr.tsx';
import { RECIPE_IDS, RECIPES, type RecipeId } from './recipes.ts';

/** How a device is set up: where the station is, its topic, a QR code while the secret is known, and ready recipes. */

type Props = {
  readonly server: Server;
  readonly voice: Voice;
  readonly device: string;
  readonly unit: string;
  /** Only just after it was made. */
  readonly secret?: string | undefined;
};

const Recipes = ({ connection, text }: { connection: Connection; text: DeviceText }) => {
  const wanted = useSignal<RecipeId>('mosquitto');
  const { name, text: recipe } = RECIPES[wanted.value];
  return (
    <>
      <Choices
        label={text.recipes}
        value={wanted.value}
        choices={RECIPE_IDS.map((id) => ({ value: id, label: RECIPES[id].name }))}
        onValue={(value) => {
          wanted.value = RECIPE_IDS.find((id) => id === value) ?? wanted.peek();
        }}
      />
      {connection.secret === undefined && <p class="parts-dim">{text.recipeSecret}</p>}
      <Copied key={wanted.value} name={`${text.recipe} ${name}`} value={recipe(connection)} text={text} isBlock />
    </>
  );
};

const Known = ({ connection, text }: { connection: Connection; text: DeviceText }) => (
  <>
    {isLoopback(connection.host) && <p class="admin-note">{text.loopback}</p>}
    <div class="parts-field">
      <span>{text.url}</span>
      <Copied name={text.url} value={urlOf(connection)} text={text} />
    </div>
    <div class="parts-field">
      <span>{text.topic}</span>
      <Copied name={text.topic} value={topicOf(connection)} text={text} />
    </div>
    {connection.secret !== undefined && (
      <figure class="admin-qr-figure">
        <Qr text={connectionJson(connection)} label={text.qr} failed={text.qrFailed} />
        <figcaption>
          {text.qr}. {text.qrHelp}
        </figcaption>
      </figure>
    )}
    <Recipes connection={connection} text={text} />
  </>
);

export const Connect = ({ server, voice, device, unit, secret }: Props) => {
  const text = deviceText(voice.language);
  const { asked, again } = useAsked('mqtt', (signal) => server.get(MqttDoors, 'mqtt', {}, signal));
  const address = useSignal('');
  const { value: doors, refusal } = asked.value;
  useEffect(() => {
    if (doors && address.peek() === '') address.value = `${location.hostname}:${doors.port}`;
  }, [doors, address]);
  if (refusal && !doors) return <Refused refusal={refusal} voice={voice} onAgain={again} />;
  if (!doors) return <p>{partsText(voice.language).loading}</p>;
  const place = readAddress(address.value);
  return (
    <div class="admin-connect">
      <Field label={text.address} hint={text.addressHint} value={address.value} onValue={into(address)} />
      {place && <Known connection={{ ...place, device, unit, secret }} text={text} />}
    </div>
  );
};
