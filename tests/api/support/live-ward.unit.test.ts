import { describeWardFeed } from '../../contracts/ports/ward-feed.ts';
import { createLiveWard } from '../../support/live-ward.ts';

describeWardFeed('in memory, for tests', async () => {
  const ward = createLiveWard(['icu']);
  ward.addBed('icu', 'bed-1');
  let value = 0;
  return {
    feed: ward.feed,
    change: async () => void ward.measure('icu', 'bed-1', { 'heart-rate': { value: ++value, time: value } }),
    changeRoster: async () => ward.addBed('icu', 'bed-2'),
  };
});
