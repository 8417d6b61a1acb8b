import { useSignal, useSignalEffect } from '@preact/signals';
import { gridFor } from '../layout.ts';
import type { PageProps } from './page.ts';
import { Tile } from './tile.tsx';

/** Every bed of the ward. */
export const WallPage = ({ wall, controls, voice }: PageProps) => {
  const screen = useSignal({ width: innerWidth, height: innerHeight });
  useSignalEffect(() => {
    const measure = (): void => {
      screen.value = { width: innerWidth, height: innerHeight };
    };
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  });
  const beds = wall.board.beds.value;
  if (beds.length === 0) {
    const connecting = wall.board.link.value.state !== 'live';
    return <main class="empty">{connecting ? voice.text.connectingTitle : voice.text.noBeds}</main>;
  }
  const { columns, rows } = gridFor(beds.length, screen.value.width, screen.value.height);
  return (
    <main class={rows === 0 ? 'grid scrolling' : 'grid'} style={{ '--columns': columns, '--rows': rows }}>
      {beds.map((bed) => (
        <Tile key={bed.id} bed={bed} painter={wall.painter} controls={controls} text={voice.text} />
      ))}
    </main>
  );
};
