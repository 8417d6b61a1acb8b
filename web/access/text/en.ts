/** English, and the list of what must be said. */
export const en = {
  title: 'Signed in',
  help: 'Browsers and programs that this station lets in. What is ended is closed within a second, with every copy of it.',
  readOnly: 'Only operators see who else is signed in.',
  own: 'this browser',
  nobody: 'Nobody else is signed in.',
  roles: { viewer: 'Viewer', operator: 'Operator', integration: 'Integration' },
  doors: { browser: 'Browser', http: 'Program', mqtt: 'Program, by MQTT' },
  from: (door: string, address: string) => `${door}, from ${address}`,
  lastUsed: (age: string) => `last used ${age} ago`,
  inUse: (count: string) => `open now: ${count}`,
  until: (time: string) => `until ${time}`,
  refresh: 'Read again',
  signOut: 'Sign out here',
  end: 'End',
  endAllOf: (name: string) => `End all of ${name}`,
  endOthers: 'End all others',
  endTitle: (name: string) => `End the sign-in of ${name}`,
  endHelp: 'It is closed at once. A wall display then shows nothing until somebody signs it in again.',
  endOwnHelp: 'This is your own: you are signed out at once.',
  endAllTitle: (name: string) => `End all of ${name}`,
  endAllHelp:
    'Every browser and program of this name is closed at once, and what was issued to it and never used is void.',
  endOthersTitle: 'End all others',
  endOthersHelp:
    'Every browser, wall display and integration but this browser is closed at once, and every token is void. Until they are signed in again, alarms are heard nowhere else.',
  signOutTitle: 'Sign out here',
  signOutHelp: 'This browser shows nothing until somebody signs in again.',
  ending: 'Ending',
  done: (count: string) => `Ended: ${count}`,
  refused: 'Not ended on record. Read again, and look who is still signed in.',
};

export type AccessText = Readonly<typeof en>;
