import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Cancel, pageClock } from '../shell/clock.ts';
import type { AdminText } from './text/en.ts';

/** The DOM types do not have this yet: https://wicg.github.io/shape-detection-api/ */
type Detector = { detect(image: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> };
type WithDetector = { readonly BarcodeDetector?: new () => Detector };

const detectorOf = (page: object): WithDetector['BarcodeDetector'] => (page as WithDetector).BarcodeDetector;

/** Only some browsers can read a code, and only on pages that came over HTTPS or from this machine. */
export const canScan = (): boolean =>
  detectorOf(globalThis) !== undefined && navigator.mediaDevices?.getUserMedia !== undefined;

const LOOK_EVERY_MS = 200;

const Viewfinder = ({ onScanned, onRefused }: { onScanned: (value: string) => void; onRefused: () => void }) => {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let cancelLook: Cancel | undefined;
    let isOver = false;
    const release = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const look = async (detector: Detector): Promise<void> => {
      if (isOver || !video.current) return;
      const [code] = await detector.detect(video.current).catch(() => []);
      if (isOver) return;
      if (code) onScanned(code.rawValue);
      else cancelLook = pageClock.after(LOOK_EVERY_MS, () => void look(detector));
    };
    const start = async (): Promise<void> => {
      const Detector = detectorOf(globalThis);
      if (!Detector) return;
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isOver || !video.current) return release();
      video.current.srcObject = stream;
      await video.current.play();
      await look(new Detector());
    };
    start().catch(() => {
      if (!isOver) onRefused();
    });
    return () => {
      isOver = true;
      cancelLook?.();
      release();
    };
  }, []);
  return <video ref={video} class="admin-video" muted playsInline />;
};

export const Camera = ({ text, onScanned }: { text: AdminText; onScanned: (value: string) => void }) => {
  const state = useSignal<'off' | 'on' | 'refused'>('off');
  if (state.value === 'refused') return <p>{text.cameraRefused}</p>;
  return (
    <div>
      {state.value === 'on' && (
        <Viewfinder
          onScanned={(value) => {
            state.value = 'off';
            onScanned(value);
          }}
          onRefused={() => {
            state.value = 'refused';
          }}
        />
      )}
      <button
        type="button"
        onClick={() => {
          state.value = state.peek() === 'on' ? 'off' : 'on';
        }}
      >
        {state.value === 'on' ? text.cameraStop : text.camera}
      </button>
    </div>
  );
};
