import { unheardAfterMs } from '#domain/interval.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import { type Desk, useDeed } from './desk.ts';
import { FormDialog } from './form.tsx';
import { secondsOf } from './seconds.ts';

/** What the station proposes and only a person may put into force, for each changes what alarms. */

export const AgeGroupDialog = ({ desk, id, ageGroup }: { desk: Desk; id: number; ageGroup: AgeGroup }) => {
  const { text, server, registry, nameOf } = desk;
  const deed = useDeed(desk, 'mrn');
  const patient = registry.patients.find((one) => one.id === id);
  if (!patient) return null;
  const change = (): void => {
    void deed.during(async () => {
      const answer = await server.send('PATCH', `patients/${id}`, { ageGroup });
      if (answer.isOk) desk.done(text.doneSaved(nameOf(patient)));
      else deed.refused(answer);
    });
  };
  const [present, proposed] = [text.ageGroups[patient.ageGroup], text.ageGroups[ageGroup]];
  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={text.ageGroupTitle(nameOf(patient))}
      verb={text.changeTo(proposed)}
      onSubmit={change}
    >
      <p>{text.ageGroupHelp(patient.birthDate ?? '', present, proposed)}</p>
    </FormDialog>
  );
};

export const IntervalDialog = ({ desk, id, intervalMs }: { desk: Desk; id: string; intervalMs: number }) => {
  const { text, server } = desk;
  const deed = useDeed(desk, 'deviceId');
  const confirm = (): void => {
    void deed.during(async () => {
      const answer = await server.send('PUT', `devices/${encodeURIComponent(id)}/interval`, { intervalMs });
      if (answer.isOk) desk.done(text.doneSaved(id));
      else deed.refused(answer);
    });
  };
  const seconds = secondsOf(intervalMs);
  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={text.intervalTitle(id)}
      verb={text.confirmInterval(seconds)}
      onSubmit={confirm}
    >
      <p>{text.intervalHelp(seconds, secondsOf(unheardAfterMs(intervalMs)))}</p>
    </FormDialog>
  );
};
