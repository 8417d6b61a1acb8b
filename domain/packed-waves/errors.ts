/** A newer release packed the bytes: nothing of them may be guessed. */
export class NewerWavesError extends Error {
  override readonly name = 'NewerWavesError';
  constructor(format: number, known: number) {
    super(`packed waveforms are of format ${format}, made by a newer wardwatch: this one knows up to ${known}`);
  }
}

/** The bytes are not what their format says. */
export class UnreadableWavesError extends Error {
  override readonly name = 'UnreadableWavesError';
}
