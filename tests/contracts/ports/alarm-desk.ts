import { describe, expect, test } from 'vitest';
import type { AlarmDesk, AskedAction } from '#contracts/ports/alarm-desk.ts';
import { ActionRefusedError } from '#domain/alarms/actions.ts';

/** What every alarm desk must do, whatever stands behind it. */
export type AlarmDeskSubject = {
  readonly desk: AlarmDesk;
  /** A bed of the unit `icu` with a patient in it; it has an alarm from when this resolves on. */
  readonly raise: () => Promise<{ readonly bed: string; readonly alarm: string }>;
  /** A bed of the same unit in which nobody is, and which has no alarm. */
  readonly emptyBed: string;
};

const refusal = async (doing: Promise<void>): Promise<ActionRefusedError['reason'] | undefined> => {
  const error = await doing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof ActionRefusedError ? error.reason : undefined;
};

const acknowledge = (alarm: string): AskedAction => ({ type: 'acknowledge', alarm, by: 'Ann' });

export const describeAlarmDesk = (name: string, createSubject: () => Promise<AlarmDeskSubject>): void => {
  describe(`an alarm desk: ${name}`, () => {
    test('an alarm that was announced is listed, at its bed and in its unit only', async () => {
      const { desk, raise } = await createSubject();
      const { bed, alarm } = await raise();
      for (const unit of [undefined, 'icu']) {
        const { beds, station } = await desk.active(unit);
        const withAlarms = beds.filter(({ alarms }) => alarms.length > 0);
        expect(withAlarms).toMatchObject([{ unit: 'icu', bed, alarms: [{ id: alarm }], inactivations: [] }]);
        expect(station).toEqual([]);
      }
      expect((await desk.active('nowhere')).beds).toEqual([]);
    });

    test('the bed of an alarm is found, and none for an alarm that is not there', async () => {
      const { desk, raise } = await createSubject();
      const { bed, alarm } = await raise();
      expect(await desk.bedOf(alarm)).toBe(bed);
      expect(await desk.bedOf('nothing')).toBeUndefined();
    });

    test('each bed has settings in force, also an empty one, and what is no bed has none', async () => {
      const { desk, emptyBed } = await createSubject();
      expect((await desk.config(emptyBed))?.vitals.spo2).toBeDefined();
      expect(await desk.config('nowhere')).toBeUndefined();
    });

    test('an action is in what is listed once it has resolved', async () => {
      const { desk, raise } = await createSubject();
      const { bed, alarm } = await raise();
      await desk.act(bed, acknowledge(alarm));
      const { beds } = await desk.active();
      const [acted] = beds.flatMap(({ alarms }) => alarms).filter(({ id }) => id === alarm);
      expect(acted?.acknowledged).toMatchObject({ by: 'Ann' });
    });

    test('what makes no sense is refused with a reason and leaves nothing behind', async () => {
      const { desk, raise, emptyBed } = await createSubject();
      const { bed, alarm } = await raise();
      const before = await desk.active();
      expect(await refusal(desk.act('nowhere', acknowledge(alarm)))).toBe('not-found');
      expect(await refusal(desk.act(bed, acknowledge('nothing')))).toBeDefined();
      expect(await refusal(desk.recordOxygen(emptyBed, { by: 'Ann', roomAir: true }))).toBe('invalid');
      expect(await refusal(desk.recordOxygen('nowhere', { by: 'Ann', roomAir: true }))).toBe('not-found');
      expect(await desk.active()).toEqual(before);
    });

    test('a screen may say that it has shown an alarm which is not there any more', async () => {
      const { desk, raise } = await createSubject();
      const { alarm } = await raise();
      const before = await desk.active();
      desk.shown([alarm, 'nothing']);
      expect(await desk.active()).toEqual(before);
    });
  });
};
