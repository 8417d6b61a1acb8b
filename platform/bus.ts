import { EventEmitter } from 'node:events';

/**
 * Typed publish and subscribe within one process. A listener that throws is reported and costs the others nothing:
 * a broken screen must not stop the ward.
 */
export type Bus<Events> = {
  readonly publish: <Name extends keyof Events & string>(name: Name, payload: Events[Name]) => void;
  /** Returns the unsubscription. */
  readonly subscribe: <Name extends keyof Events & string>(
    name: Name,
    listener: (payload: Events[Name]) => void,
  ) => () => void;
};

export const createBus = <Events>({ onError }: { onError: (error: unknown, event: string) => void }): Bus<Events> => {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish(name, payload) {
      emitter.emit(name, payload);
    },
    subscribe(name, listener) {
      const guarded = (payload: Events[typeof name]) => {
        try {
          listener(payload);
        } catch (error) {
          onError(error, name);
        }
      };
      emitter.on(name, guarded);
      return () => emitter.off(name, guarded);
    },
  };
};
