/** Style sheets are imported by the page that they are of; Vite puts them beside its code. */
declare module '*.css';
