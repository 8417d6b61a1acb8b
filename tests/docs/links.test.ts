import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFiles, ROOT } from './repository.ts';

/** Targets of links and images in Markdown, outside of code blocks, that point into the project. */
const localTargets = (markdown: string): string[] =>
  [...markdown.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

const headingIds = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const pages = projectFiles().filter((path) => path.endsWith('.md'));

test.each(pages)('every link in %s leads somewhere', (page) => {
  const broken = localTargets(readFileSync(join(ROOT, page), 'utf8')).filter((target) => {
    const [path = '', id] = target.split('#');
    const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
    if (!existsSync(file)) return true;
    return id !== undefined && !headingIds(readFileSync(file, 'utf8')).includes(id);
  });
  expect(broken).toEqual([]);
});
