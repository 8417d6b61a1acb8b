/** `beds/{bed}/{rest}`, behind `/api/v1/`. */
export const bedPath = (bed: string, rest: string): string => `beds/${encodeURIComponent(bed)}/${rest}`;

export const iso = (ms: number): string => new Date(ms).toISOString();
