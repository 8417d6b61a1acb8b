import type { TechnicalKindId } from '#domain/alarms/names.ts';
import type { Monitoring } from '#domain/monitoring.ts';
import type { DeviceRole } from '#domain/sources/roles.ts';
import type { VitalUnit } from '#domain/vitals.ts';
import type { RowKey } from '../../parts/display.ts';

/** Where a short name differs from the catalogue's. */
const shortNames: Readonly<Partial<Record<RowKey, string>>> = {};

const units: Readonly<Record<VitalUnit, string>> = {
  '/min': '/min',
  '%': '%',
  'mm[Hg]': 'mmHg',
  'cm[H2O]': 'cmH₂O',
  Cel: '°C',
  mV: 'mV',
  mL: 'mL',
  'L/min': 'L/min',
  // A count of no unit, as the bispectral index.
  '1': '',
};

/** What to do about a bed that is watched in this manner; empty where there is nothing to be done. */
const watchHelp: Readonly<Record<Monitoring, string>> = {
  empty: '',
  waiting: '',
  spot: '',
  monitored: '',
  'no-device': 'Assign a device, or watch at the bedside',
  'not-heard': 'Check the monitor, its cable and its network',
  late: 'Check its clock and its network',
  refused: 'What it sends is not understood: see Administration',
  lost: 'Check the monitor and its network',
  standby: 'Ends when data comes',
};

const kinds: Readonly<Record<TechnicalKindId, string>> = {
  'device-link': 'Device link',
  'device-data': 'Monitoring',
  'device-battery': 'Battery',
  'device-clock': 'Device clock',
  'device-gap': 'Missing messages',
  'device-frozen': 'Frozen values',
  'gateway-link': 'Gateway',
  'station-journal': 'Journal',
  'station-database': 'Database',
};

/** English, and the list of what must be said: the other languages have the same keys. */
export const en = {
  appName: 'wardwatch',
  notice: 'Secondary display, not a certified medical device. The bedside monitor stays the primary alarm.',

  pageWall: 'Wall',
  pageAlarms: 'Alarms',
  pageAdmin: 'Administration',
  pageLoading: 'Loading',
  pageUnavailable: 'This page cannot be loaded now. Try again when the station is there.',

  linkLive: 'Live',
  linkConnecting: 'Connecting',
  linkLost: 'Link lost',
  lostTitle: 'LINK LOST: NO LIVE VALUES',
  lostDetail: (age: string) => `Nothing heard from the station for ${age}. Watch the bedside monitors. Trying again.`,
  lostDetailUnknown: 'Nothing heard from the station. Watch the bedside monitors. Trying again.',
  connectingTitle: 'Connecting to the station',
  frozenTitle: 'THIS PAGE HAS STOPPED: NO LIVE VALUES',
  frozenDetail: 'The browser no longer updates this page. Watch the bedside monitors and reload.',
  noUnits: 'No units yet: set up this station',
  noBeds: 'No beds yet: set up this station',
  setUpSteps: [
    'Open Administration. It needs a sign-in as operator: wardwatch token --role operator --link',
    'Add a unit, and its beds.',
    'Add a device for each monitor, note its password, and assign it to its bed.',
    'Admit patients. Each bed appears here as soon as it is added.',
  ],
  notWatched: 'NOT WATCHED',
  notWatchedCount: (count: string) => `${count} not watched`,
  every: (interval: string) => `every ${interval}`,
  watchHelp,

  noPatient: 'No patient',
  noDevice: 'No device',
  deviceOnline: 'Online',
  roles: {
    monitor: 'monitor',
    ventilator: 'ventilator',
    oximeter: 'oximeter',
    cuff: 'cuff',
    pump: 'pump',
    other: 'other device',
  } satisfies Record<DeviceRole, string>,
  deviceOffline: 'Offline',
  deviceOfflineFor: (age: string) => `Offline ${age}`,
  deviceUnknown: 'Not heard yet',
  battery: (percent: string) => `Battery ${percent}`,
  clockOff: (offset: string) => `Clock off by ${offset}`,

  noData: 'No data',
  noDataFor: (age: string) => `No data ${age}`,
  noSignal: 'No signal',
  notMeasured: 'Not measured',
  questionable: 'Uncertain',
  invalid: 'Invalid',
  blank: '--',
  shortNames,
  millivolt: '1 mV',
  units,

  alarms: 'Alarms',
  noAlarms: 'No alarms',
  moreBeds: (count: string) => `${count} more`,
  closeList: 'Close',
  allAlarms: (count: string) => `All alarms (${count})`,
  unanswered: (count: string, priority: string) => `${count} not answered, ${priority}`,
  station: 'Station',
  priorities: { high: 'High priority', medium: 'Medium priority', low: 'Low priority' },
  ofVital: (vital: string, what: string) => `${vital} ${what}`,
  signalOfVital: (vital: string) => `${vital} signal`,
  gatewayLost: (gateway: string, beds: string) => `Gateway ${gateway} lost: ${beds} ${beds === '1' ? 'bed' : 'beds'}`,
  checkLeads: (pulse: string) => `pulse ${pulse}: check leads`,
  comma: ', ',
  above: (limit: string) => `> ${limit}`,
  below: (limit: string) => `< ${limit}`,
  worst: (value: string) => `worst ${value}`,
  limits: (low: string, high: string) => `${low}–${high}`,
  limitLow: (low: string) => `≥ ${low}`,
  limitHigh: (high: string) => `≤ ${high}`,
  conditionOver: 'Over, not seen',
  conditionOverShort: 'Over',
  acknowledged: 'Acknowledged',
  inactivations: {
    'audio-paused': 'Audio paused',
    'alarm-paused': 'Alarms paused',
    'alarm-off': 'Alarm off',
    standby: 'Standby',
  },
  kinds,

  acknowledge: 'Acknowledge',
  pauseAudio: 'Pause audio',
  reset: 'Reset',
  chooseAlarm: 'Choose an alarm or a bed: arrow keys, or touch it.',
  doneAcknowledged: 'Acknowledged',
  doneAcknowledgedHere: 'Acknowledged here. The monitor at the bedside is not silenced.',
  donePaused: 'Audio paused',
  doneReset: 'Latched alarms reset',
  nothingToAcknowledge: 'There is nothing here to acknowledge.',
  nothingToReset: 'There is nothing here to reset: no alarm is over.',
  notForStation: 'Alarms of the station are not paused.',
  actionGone: 'Not done: this alarm is already over.',
  actionForbidden: 'Not done: your sign-in may not do this.',
  actionRefused: 'Not done: the station refused it.',
  actionFailed: 'Not done for certain: the station did not answer. Try again.',

  soundOff: 'Sound is off',
  soundOn: 'Sound on',

  showInitials: 'Initials',
  showNames: 'Names',
  fullScreen: 'Full screen',
  otherLanguage: '中文',
  help: 'Keys',
  wards: 'Units',
  allUnits: 'All units',
  nights: { day: 'Day', night: 'Night', hours: 'Night 22–6' },

  beds: 'Beds',
  pageNumber: (page: string) => `Page ${page}`,
  pageUrgent: 'high priority alarm',
  turnsByItself: 'Turns by itself',
  held: 'Held',

  keyNames: { arrows: '← ↑ → ↓', enter: 'Enter', escape: 'Esc', pages: 'PgUp PgDn', tab: 'Tab' },
  keyChoose: 'choose an alarm or a bed',
  keyOpen: 'open the chosen bed',
  keyLeave: 'let go of it; from a bed back to the wall',
  keyPages: 'the page before, the next page',
  keyAll: 'show and hide all alarms',
  keyHold: 'hold the page, or let it turn',
  keyInitials: 'initials or names',
  keyNight: 'day, night, night by the hour',
  keyLanguage: 'the other language',
  keyTab: 'to every button and link',
  keyHelp: 'show and hide this',
  awake: 'The screen is kept awake.',
  notAwake: 'This browser does not keep the screen awake: switch off the screen saver.',

  signInHelp: 'Paste a sign-in link of the station, as printed at its start or by: wardwatch token --link',
  signInLabel: 'Sign-in link',
  signInButton: 'Sign in',
  signInRefused: 'The station did not accept this link. Each link works once: ask for a new one.',
  signInUnreachable: 'The station cannot be reached.',
};

export type Text = Readonly<typeof en>;

/** What is said as it stands, with nothing to be put in. */
export type Phrase = { readonly [Key in keyof Text]: Text[Key] extends string ? Key : never }[keyof Text];
