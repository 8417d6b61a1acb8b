import type { BurdenFormat, BurdenQuestion, WhatIf, WhatIfProgress, WhatIfQuestion } from '#contracts/http/review.ts';
import type { BedRange, RecordingRequest, TrendRequest, WavesRequest } from '#contracts/ports/archive.ts';
import type { RecordingStep } from '../../api/history/edf/recording.ts';
import type { LatePass, Waiting } from '../../review/late-passes.ts';

/** What the station asks of its archive, and of what each answer is made. */

/** `quick`: what a person looks at and waits for; `deep`: what may take minutes. Each has turns and connections of its own. */
export const LANES = ['quick', 'deep'] as const;
export type Lane = (typeof LANES)[number];

type Question<Request, Item> = {
  readonly input: { readonly lane: Lane; readonly request: Request };
  readonly item: Item;
};

/** A long work tells how far it is, and at last its result. */
export type Step<Progress, Result> = { readonly progress: Progress } | { readonly result: Result };

export type ArchiveQuestions = {
  readonly trends: Question<TrendRequest, Uint8Array>;
  readonly waves: Question<WavesRequest, Uint8Array>;
  readonly readings: Question<BedRange, Uint8Array>;
  readonly recording: Question<RecordingRequest, RecordingStep>;
  readonly whatIf: Question<Omit<WhatIfQuestion, 'signal' | 'onProgress'>, Step<WhatIfProgress, WhatIf>>;
  readonly burden: Question<BurdenQuestion & { readonly format: BurdenFormat }, Uint8Array>;
  readonly latePass: Question<Waiting, LatePass>;
};
