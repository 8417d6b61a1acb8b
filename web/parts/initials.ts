/** How people are named where their names are not to be read by everybody. */

const CJK = /^[\u3400-\u9fff]+$/;

/** `Maria Lopez` is `M. L.`; a name of Chinese characters keeps its first. */
export const initialsOf = (name: string): string => {
  if (CJK.test(name.replaceAll(/\s/g, ''))) return `${name.trim().slice(0, 1)}**`;
  const words = name.split(/\s+/).filter(Boolean);
  return words.map((word) => `${[...word][0]?.toUpperCase()}.`).join(' ');
};
