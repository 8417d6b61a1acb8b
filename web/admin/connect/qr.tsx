import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { QrCode } from './qr-code.ts';

/** Draws a text as a QR code. What is shown beside it does not wait for it, nor go with it when it cannot be had. */
export const Qr = ({ text, label, failed }: { text: string; label: string; failed: string }) => {
  const drawn = useSignal<QrCode | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let isWanted = true;
    const draw = async (): Promise<QrCode | 'failed'> => (await import('./qr-code.ts')).qrOf(text) ?? 'failed';
    const show = (code: QrCode | 'failed'): void => {
      if (isWanted) drawn.value = code;
    };
    draw().then(show, () => show('failed'));
    return () => {
      isWanted = false;
    };
  }, [text, drawn]);
  const code = drawn.value;
  if (code === 'failed') return <p>{failed}</p>;
  if (code === 'loading') return <span class="admin-qr" />;
  return (
    <svg class="admin-qr" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={label}>
      <path d={code.path} />
    </svg>
  );
};
