import { wholeWard } from '../../ingest/ownership.ts';
import { describeOwnership } from '../contracts/ports/ownership.ts';

describeOwnership('of a station', async () => ({ ownership: wholeWard, ours: ['icu', 'er'] }));
