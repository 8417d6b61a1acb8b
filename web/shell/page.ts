import type { Wall } from '../wall/wall.ts';
import type { Controls } from './controls.ts';
import type { Router } from './router.ts';
import type { Server } from './server.ts';
import type { Settings } from './settings.ts';
import type { Voice } from './text/language.ts';

/** What every page is given. The link, alarms and their sound are the frame's, not the page's. */
export type PageProps = {
  readonly wall: Wall;
  readonly controls: Controls;
  readonly settings: Settings;
  readonly voice: Voice;
  readonly router: Router;
  readonly server: Server;
};
