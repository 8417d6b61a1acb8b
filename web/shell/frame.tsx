import type { ComponentType } from 'preact';
import { SoundOffSign } from '../parts/symbols.tsx';
import { WallPage } from '../wall/page.tsx';
import type { Wall } from '../wall/wall.ts';
import { AllAlarms } from './banner/alarm-list.tsx';
import { AlarmBanner, Counts } from './banner/banner.tsx';
import type { Controls } from './controls.ts';
import { toggleFullScreen } from './full-screen.ts';
import { Help } from './help.tsx';
import { later } from './later.tsx';
import { Link } from './link.tsx';
import type { LinkView } from './live/link-view.ts';
import type { PageProps } from './page.ts';
import type { PageName, Route } from './router.ts';
import type { Text } from './text/en.ts';
import { nextLanguage, type Voice } from './text/language.ts';
import { UnitChooser } from './units.tsx';

/** What stands around every page: the link to the station, alarms, their sound, and the ways to the other pages. */

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

/** Browsers let no page sound before a person touches it: until then the page tells that it is silent, which cannot be overlooked. */
const SoundButton = ({ wall, controls, text }: { wall: Wall; controls: Controls; text: Text }) => {
  const isOn = wall.sound.isOn.value;
  return (
    <button
      type="button"
      class={isOn ? 'sound' : 'sound sound-off'}
      aria-keyshortcuts="s"
      onClick={controls.toggleSound}
    >
      {!isOn && <SoundOffSign />}
      {isOn ? text.soundOn : text.soundOff} <kbd>S</kbd>
    </button>
  );
};

const WAYS = [
  { page: 'wall', text: 'pageWall' },
  { page: 'alarms', text: 'pageAlarms' },
  { page: 'admin', text: 'pageAdmin' },
] as const;

const Ways = ({ router, voice }: Pick<PageProps, 'router' | 'voice'>) => (
  <nav class="ways">
    {WAYS.map(({ page, text }) => (
      <Link key={page} to={{ page }} router={router} class={router.route.value.page === page ? 'way here' : 'way'}>
        {voice.text[text]}
      </Link>
    ))}
  </nav>
);

const TopLine = ({ wall, controls, settings, voice, router }: PageProps) => {
  const { text } = voice;
  const link = wall.board.link.value.state;
  return (
    <header class="top">
      <h1>{text.appName}</h1>
      <Ways router={router} voice={voice} />
      <span class={`link link-${link}`}>{text[LINK_TEXT[link]]}</span>
      <SoundButton wall={wall} controls={controls} text={text} />
      {link === 'live' && <Counts banner={wall.board.banner} voice={voice} />}
      <time>{wall.board.timeOfDay}</time>
      <span class="buttons">
        <UnitChooser wall={wall} settings={settings} voice={voice} />
        <button type="button" aria-keyshortcuts="n" onClick={settings.turnNight}>
          {text.nights[settings.night.value]}
        </button>
        <button type="button" aria-keyshortcuts="i" onClick={settings.toggleInitials}>
          {settings.initials.value ? text.showNames : text.showInitials}
        </button>
        <button type="button" aria-keyshortcuts="l" onClick={() => settings.setLanguage(nextLanguage(voice.language))}>
          {text.otherLanguage}
        </button>
        <button type="button" aria-keyshortcuts="f" onClick={toggleFullScreen}>
          {text.fullScreen}
        </button>
        <button
          type="button"
          aria-keyshortcuts="?"
          aria-label={text.help}
          aria-expanded={controls.isHelpOpen.value}
          onClick={controls.toggleHelp}
        >
          ?
        </button>
      </span>
    </header>
  );
};

const PAGES: Readonly<Record<PageName, ComponentType<PageProps>>> = {
  wall: WallPage,
  bed: later(() => import('../bed/page.tsx').then(({ BedPage }) => BedPage)),
  alarms: later(() => import('../review/page.tsx').then(({ ReviewPage }) => ReviewPage)),
  device: later(() => import('../admin/device/page.tsx').then(({ DevicePage }) => DevicePage)),
  sessions: later(() => import('../access/page.tsx').then(({ SessionsPage }) => SessionsPage)),
  admin: later(() => import('../admin/page.tsx').then(({ AdminPage }) => AdminPage)),
};

/** Another bed is another page, and so is another device. */
const keyOf = (route: Route): string => {
  if (route.page === 'bed') return `bed ${route.bed}`;
  return route.page === 'device' ? `device ${route.device}` : route.page;
};

export const Frame = (props: PageProps) => {
  const { wall, controls, voice, router } = props;
  const link = wall.board.link.value;
  const route = router.route.value;
  const Page = PAGES[route.page];
  return (
    <div class={`wall wall-${link.state} page-${route.page}`}>
      <TopLine {...props} />
      {link.state === 'lost' ? (
        <LinkBanner link={link} voice={voice} />
      ) : (
        <AlarmBanner wall={wall} controls={controls} voice={voice} />
      )}
      {link.state === 'live' && controls.isListOpen.value && (
        <AllAlarms items={wall.board.banner.value.items} controls={controls} voice={voice} />
      )}
      <Page key={keyOf(route)} {...props} />
      <footer class="notice">{voice.text.notice}</footer>
      {controls.isHelpOpen.value && <Help controls={controls} voice={voice} />}
    </div>
  );
};
