-- Waveforms in few bytes: `packed` holds the waveforms that a device measured together, in a format that its first byte names
-- (domain/packed-waves). The row is in the series of the first of them, by MDC code, and `sample_count` counts the samples of
-- all. `samples` is then empty: a program from before this shows nothing of such a row. Where a row has samples, they are what
-- was written last of the waveform of its series.
alter table waves add column sample_count integer;
alter table waves add column packed bytea;
