import { type ReadonlySignal, signal } from '@preact/signals';

/** Which page is shown, by the address. The link to the station, alarms and sound live on whichever it is. */

export type Route =
  | { readonly page: 'wall' }
  | { readonly page: 'bed'; readonly bed: string }
  | { readonly page: 'alarms' }
  | { readonly page: 'admin' }
  | { readonly page: 'sessions' }
  | { readonly page: 'device'; readonly device: string };

export type PageName = Route['page'];

const segmentsOf = (path: string): string[] => path.split('/').filter(Boolean).map(decode);

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** An unknown address shows the wall. */
export const routeOf = (path: string): Route => {
  const [page, id] = segmentsOf(path);
  if (page === 'beds' && id !== undefined) return { page: 'bed', bed: id };
  if (page === 'devices' && id !== undefined) return { page: 'device', device: id };
  if (page === 'alarms' || page === 'admin' || page === 'sessions') return { page };
  return { page: 'wall' };
};

export const pathOf = (route: Route): string => {
  if (route.page === 'bed') return `/beds/${encodeURIComponent(route.bed)}`;
  return route.page === 'device' ? `/devices/${encodeURIComponent(route.device)}` : `/${route.page}`;
};

export type Router = {
  readonly route: ReadonlySignal<Route>;
  /** What stands behind the `?`, for pages that keep something in the address. */
  readonly query: ReadonlySignal<URLSearchParams>;
  readonly go: (route: Route, query?: Readonly<Record<string, string>>) => void;
};

export const createRouter = (page: Pick<Window, 'location' | 'history' | 'addEventListener'>): Router => {
  const { location, history } = page;
  const route = signal(routeOf(location.pathname));
  const query = signal(new URLSearchParams(location.search));
  const read = (): void => {
    route.value = routeOf(location.pathname);
    query.value = new URLSearchParams(location.search);
  };
  page.addEventListener('popstate', read);
  return {
    route,
    query,
    go(next, wanted = {}) {
      const search = new URLSearchParams(wanted).toString();
      history.pushState(null, '', pathOf(next) + (search === '' ? '' : `?${search}`));
      read();
    },
  };
};
