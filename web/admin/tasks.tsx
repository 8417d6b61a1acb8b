import { useSignal } from '@preact/signals';
import type { Desk, OpenDialog } from './desk.ts';
import { Heard } from './lists.tsx';
import type { Task } from './overview.ts';
import { secondsOf } from './seconds.ts';

/** What stands out: it comes first on the page, whatever is searched for. */

type TaskView = { readonly key: string; readonly about: string; readonly verb: string; readonly opens: OpenDialog };

const viewOf = (task: Task, { text, nameOf, registry }: Desk): TaskView => {
  if (task.kind === 'waiting-patient') {
    const { id } = task.patient;
    return {
      key: `patient ${id}`,
      about: nameOf(task.patient),
      verb: text.admit,
      opens: { kind: 'admit', patient: id },
    };
  }
  if (task.kind === 'age-group') {
    const { id } = task.row.patient;
    return {
      key: `age ${id}`,
      about: nameOf(task.row.patient),
      verb: text.changeTo(text.ageGroups[task.ageGroup]),
      opens: { kind: 'age-group', id, ageGroup: task.ageGroup },
    };
  }
  if (task.kind === 'interval') {
    const { id } = task.row.device;
    const { intervalMs } = task;
    return {
      key: `interval ${id}`,
      about: id,
      verb: text.confirmInterval(secondsOf(intervalMs)),
      opens: { kind: 'interval', id, intervalMs },
    };
  }
  if (task.kind === 'spare-device') {
    const { id } = task.row.device;
    return { key: `device ${id}`, about: id, verb: text.assign, opens: { kind: 'assign', device: id } };
  }
  const { bed } = task.row;
  const opens: OpenDialog = { kind: 'assign', bed: bed.id };
  const place = `${bed.label} · ${registry.units.find(({ id }) => id === bed.unit)?.name ?? bed.unit}`;
  if (task.kind === 'silent-device') {
    return { key: `silent ${bed.id}`, about: `${task.row.device.id} · ${place}`, verb: text.assign, opens };
  }
  const who = task.row.patient ? `${nameOf(task.row.patient)} · ` : '';
  return { key: `bed ${bed.id}`, about: `${who}${place}`, verb: text.assign, opens };
};

const AT_FIRST = 6;

export const Tasks = ({ desk, isOperator }: { desk: Desk; isOperator: boolean }) => {
  const { text, overview } = desk;
  const isWhole = useSignal(false);
  const { tasks } = overview;
  const isUnheard = overview.devices.some(({ bed, hearing }) => bed && hearing.state === 'unheard');
  const shown = isWhole.value ? tasks : tasks.slice(0, AT_FIRST);
  return (
    <section class="admin-tasks">
      <h2>
        {text.tasks} {tasks.length > 0 && text.count(String(tasks.length))}
      </h2>
      {tasks.length === 0 && <p>{isUnheard ? text.noTasksUnheard : text.noTasks}</p>}
      <ul>
        {shown.map((task) => {
          const view = viewOf(task, desk);
          return (
            <li key={view.key} class={`admin-task admin-task-${task.kind}`}>
              <strong>{text.taskKinds[task.kind]}</strong>
              <span>{view.about}</span>
              {task.kind === 'silent-device' && <Heard desk={desk} hearing={task.row.hearing} />}
              {isOperator && (
                <button type="button" aria-label={`${view.verb}: ${view.about}`} onClick={() => desk.open(view.opens)}>
                  {view.verb}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {tasks.length > AT_FIRST && (
        <button
          type="button"
          onClick={() => {
            isWhole.value = !isWhole.peek();
          }}
        >
          {isWhole.value ? text.fewerTasks : text.moreTasks(String(tasks.length - AT_FIRST))}
        </button>
      )}
    </section>
  );
};
