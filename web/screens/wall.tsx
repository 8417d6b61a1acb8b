import { useSignal, useSignalEffect } from '@preact/signals';
import { toggleFullScreen } from '../full-screen.ts';
import { gridFor } from '../layout.ts';
import type { Settings } from '../settings.ts';
import { LANGUAGES, type Language, type Voice } from '../text/language.ts';
import type { LinkView } from '../views/link.ts';
import type { Wall } from '../wall.ts';
import { Tile } from './tile.tsx';

const nextLanguage = (language: Language): Language => {
  const all = Object.keys(LANGUAGES) as Language[];
  return all[(all.indexOf(language) + 1) % all.length] ?? language;
};

const LINK_TEXT = { live: 'linkLive', connecting: 'linkConnecting', lost: 'linkLost' } as const;

const Banner = ({ link, voice }: { link: LinkView; voice: Voice }) => {
  const { text, age } = voice;
  const detail = link.silentForMs === undefined ? text.lostDetailUnknown : text.lostDetail(age(link.silentForMs));
  return (
    <div class="banner" role="alert">
      <strong>{text.lostTitle}</strong>
      <span>{detail}</span>
    </div>
  );
};

const TopLine = ({ wall, settings, voice }: { wall: Wall; settings: Settings; voice: Voice }) => {
  const { text } = voice;
  const link = wall.board.link.value.state;
  return (
    <header class="top">
      <h1>{text.appName}</h1>
      <span class={`link link-${link}`}>{text[LINK_TEXT[link]]}</span>
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

const Grid = ({ wall, voice }: { wall: Wall; voice: Voice }) => {
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
        <Tile key={bed.id} bed={bed} painter={wall.painter} text={voice.text} />
      ))}
    </main>
  );
};

export const WallScreen = ({ wall, settings, voice }: { wall: Wall; settings: Settings; voice: Voice }) => {
  const link = wall.board.link.value;
  return (
    <div class={`wall wall-${link.state}`}>
      <TopLine wall={wall} settings={settings} voice={voice} />
      {link.state === 'lost' && <Banner link={link} voice={voice} />}
      <Grid wall={wall} voice={voice} />
      <footer class="notice">{voice.text.notice}</footer>
    </div>
  );
};
