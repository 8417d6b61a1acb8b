import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

type DialogProps = {
  readonly title: string;
  /** Escape, too. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
};

/**
 * Open as long as it is drawn. The browser keeps the focus inside; afterwards it is where it was. Alarms stay in sight:
 * what is behind is not dimmed, and the dialog lies below the alarm banner.
 */
export const Dialog = ({ title, onClose, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const isDrawn = useRef(true);
  const titleId = useId();
  useEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    isDrawn.current = true;
    opened?.showModal();
    return () => {
      isDrawn.current = false;
      opened?.close();
      // The browser gives the focus back only when the dialog that it closes is still in the page.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="parts-dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Browsers let a page prevent one Escape and not the next: a dialog that is still wanted then is opened again.
      onClose={({ currentTarget }) => {
        if (!isDrawn.current) return;
        onClose();
        queueMicrotask(() => {
          if (isDrawn.current && currentTarget.isConnected && !currentTarget.open) currentTarget.showModal();
        });
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
};
