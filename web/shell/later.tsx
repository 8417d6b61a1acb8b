import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageProps } from './page.ts';

/** A page whose code is loaded when it is first opened, so that a wall need not carry it. */
export const later = (load: () => Promise<ComponentType<PageProps>>): ComponentType<PageProps> => {
  let loaded: ComponentType<PageProps> | undefined;
  return (props) => {
    const page = useSignal(loaded);
    const failed = useSignal(false);
    useEffect(() => {
      if (page.peek()) return;
      load().then(
        (component) => {
          loaded = component;
          page.value = component;
        },
        // The station is away, or another version: the frame says the first and reloads for the second.
        () => {
          failed.value = true;
        },
      );
    }, [page, failed]);
    const Page = page.value;
    if (Page) return <Page {...props} />;
    return <main class="empty">{failed.value ? props.voice.text.pageUnavailable : props.voice.text.pageLoading}</main>;
  };
};
