import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';

/** What the guards and the measurement of code look at: sizes, imports, casts and timers of each source file. */

export type FunctionSize = { readonly name: string; readonly line: number; readonly lines: number };

export type CodeFile = {
  /** The path from the root of the checkout, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly functions: readonly FunctionSize[];
  /** Files of the checkout that this one imports, types and `import()` included. */
  readonly imports: readonly string[];
  /** What it imports else: packages, modules of Node, style sheets. */
  readonly packages: readonly string[];
  /** Lines with an `as` that is not `as const`; a chain as `as unknown as T` counts once. */
  readonly casts: readonly number[];
  /** Lines that call `setTimeout` or `setInterval`. */
  readonly timers: readonly number[];
};

/** A node of the syntax tree (ESTree). What a node of some type has beside that is looked at by name. */
type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

const walk = (node: Node, parent: Node | undefined, visit: (node: Node, parent: Node | undefined) => void): void => {
  visit(node, parent);
  for (const child of childrenOf(node)) walk(child, node, visit);
};

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration']);
const IMPORTS = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);
const TIMERS = new Set(['setTimeout', 'setInterval']);

const textOf = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined;
  if (node.type === 'TSLiteralType') return textOf(node.literal);
  return [node.name, node.value].find((text) => typeof text === 'string');
};

/** The name it is declared, assigned or kept by; a callback is named by what it is handed to. */
const nameOf = (node: Node, parent: Node | undefined): string => {
  const called = isNode(parent?.callee) ? (textOf(parent.callee) ?? textOf(parent.callee.property)) : undefined;
  const own = textOf(node.id) ?? textOf(parent?.id) ?? textOf(parent?.key) ?? textOf(parent?.left);
  return own ?? (called === undefined ? 'a function' : `${called}(…)`);
};

/** `setTimeout(…)`, and `window.setTimeout(…)` too. */
const isTimer = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  isNode(node.callee) &&
  TIMERS.has(textOf(node.callee) ?? textOf(node.callee.property) ?? '');

const isConst = (node: Node): boolean =>
  isNode(node.typeAnnotation) && textOf(node.typeAnnotation.typeName) === 'const';

const isCast = (node: Node, parent: Node | undefined): boolean =>
  node.type === 'TSAsExpression' && parent?.type !== 'TSAsExpression' && !isConst(node);

/** A file of the checkout, or undefined for a package and for what is no code. */
const resolve = (from: string, specifier: string): string | undefined => {
  if (!/\.tsx?$/.test(specifier)) return undefined;
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)).replaceAll('\\', '/') : undefined;
};

/** Throws when it is not TypeScript. */
export const readSource = (path: string, source: string): CodeFile => {
  const { program, errors } = parseSync(path, source, { lang: path.endsWith('x') ? 'tsx' : 'ts' });
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const lineAt = (offset: number): number => source.slice(0, offset).split('\n').length;
  const functions: FunctionSize[] = [];
  const imports = new Set<string>();
  const packages = new Set<string>();
  const casts: number[] = [];
  const timers: number[] = [];
  const visit = (node: Node, parent: Node | undefined): void => {
    if (FUNCTIONS.has(node.type)) {
      const line = lineAt(node.start);
      functions.push({ name: nameOf(node, parent), line, lines: lineAt(node.end) - line + 1 });
    }
    const specifier = IMPORTS.has(node.type) ? textOf(node.source) : undefined;
    const imported = specifier === undefined ? undefined : resolve(path, specifier);
    if (imported !== undefined) imports.add(imported);
    else if (specifier !== undefined) packages.add(specifier);
    if (isCast(node, parent)) casts.push(lineAt(node.start));
    if (isTimer(node)) timers.push(lineAt(node.start));
  };
  const root: unknown = program;
  if (isNode(root)) walk(root, undefined, visit);
  const lines = source.trimEnd().split('\n').length;
  return { path, lines, functions, imports: [...imports], packages: [...packages], casts, timers };
};

/** Every TypeScript file that git knows in a checkout, or would add. */
export const readCode = (root: string): CodeFile[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '')
    .flatMap((path) => {
      try {
        return readSource(path, readFileSync(join(root, path), 'utf8'));
      } catch (error) {
        // A file that is deleted and not committed yet.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    });
