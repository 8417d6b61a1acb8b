import { useSignal, useSignalEffect } from '@preact/signals';
import type { Controls } from '../controls.ts';
import { toggleFullScreen } from '../full-screen.ts';
import { gridFor } from '../layout.ts';
import type { Settings } from '../settings.ts';
import type { Text } from '../text/en.ts';
import { LANGUAGES, type Language, type Voice } from '../text/language.ts';
import type { LinkView } from '../views/link.ts';
import type { Wall } from '../wall.ts';
import { AlarmBanner, Counts } from './banner.tsx';
import { SoundOffSign } from './symbols.tsx';
import { Tile } from './tile.tsx';

const nextLanguage = (language: Language): Language => {
  const all = Object.keys(LANGUAGES) as Language[];
  return all[(all.indexOf(language) + 1) % all.length] ?? language;
};

const LINK_TEXT = { live: 'linkLive', connecting: 'linkConnecting', lost: 'linkLost' } as const;

const LinkBanner = ({ link, voice }: { link: LinkView; voice: Voice }) => {
  const { text, age } = voice;
  const detail = link.silentForMs === undefined ? text.lostDetailUnknown : text.lostDetail(age(link.silentForMs));
  return (
    <div class="link-banner" role="alert">
      <strong>{text.lostTitle}</strong>
      <span>{detail}</span>
    </div>
  );
};

/** Browsers let no page sound before a person touches it: until then that is said, and cannot be overlooked. */
const SoundButton = ({ wall, text }: { wall: Wall; text: Text }) => {
  const isOn = wall.sound.isOn.value;
  return (
    <button type="button" class={isOn ? 'sound' : 'sound sound-off'} aria-keyshortcuts="s" onClick={wall.sound.toggle}>
      {!isOn && <SoundOffSign />}
      {isOn ? text.soundOn : text.soundOff} <kbd>S</kbd>
    </button>
  );
};

const TopLine = ({ wall, settings, voice }: { wall: Wall; settings: Settings; voice: Voice }) => {
  const { text } = voice;
  const link = wall.board.link.value.state;
  return (
    <header class="top">
      <h1>{text.appName}</h1>
      <span class={`link link-${link}`}>{text[LINK_TEXT[link]]}</span>
      <SoundButton wall={wall} text={text} />
      {link === 'live' && <Counts banner={wall.board.banner} voice={voice} />}
      <time>{wall.board.timeOfDay}</time>
      <span class="buttons">
        <button type="button" onClick={settings.toggleInitials}>
          {settings.initials.value ? text.showNames : text.showInitials}
        </button>
        <button type="button" onClick={() => settings.setLanguage(nextLanguage(voice.language))}>
          {text.otherLanguage}
        </button>
        <button type="button" onClick={toggleFullScreen}>
          {text.fullScreen}
        </button>
      </span>
    </header>
  );
};

type ScreenProps = { wall: Wall; controls: Controls; settings: Settings; voice: Voice };

const Grid = ({ wall, controls, voice }: Omit<ScreenProps, 'settings'>) => {
  const screen = useSignal({ width: innerWidth, height: innerHeight });
  useSignalEffect(() => {
    const measure = (): void => {
      screen.value = { width: innerWidth, height: innerHeight };
    };
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  });
  const beds = wall.board.beds.value;
  if (beds.length === 0) {
    const connecting = wall.board.link.value.state !== 'live';
    return <main class="empty">{connecting ? voice.text.connectingTitle : voice.text.noBeds}</main>;
  }
  const { columns, rows } = gridFor(beds.length, screen.value.width, screen.value.height);
  return (
    <main class={rows === 0 ? 'grid scrolling' : 'grid'} style={{ '--columns': columns, '--rows': rows }}>
      {beds.map((bed) => (
        <Tile key={bed.id} bed={bed} painter={wall.painter} controls={controls} text={voice.text} />
      ))}
    </main>
  );
};

export const WallScreen = ({ wall, controls, settings, voice }: ScreenProps) => {
  const link = wall.board.link.value;
  return (
    <div class={`wall wall-${link.state}`}>
      <TopLine wall={wall} settings={settings} voice={voice} />
      {link.state === 'lost' ? (
        <LinkBanner link={link} voice={voice} />
      ) : (
        <AlarmBanner wall={wall} controls={controls} voice={voice} />
      )}
      <Grid wall={wall} controls={controls} voice={voice} />
      <footer class="notice">{voice.text.notice}</footer>
    </div>
  );
};
