import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { CONDITION_IDS, type ConditionId, KIND_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import { alarmText, kindText } from '../../../web/parts/alarm-text.ts';
import { TILE_SLOTS } from '../../../web/parts/display.ts';
import { LANGUAGES, type Language, voiceOf } from '../../../web/shell/text/language.ts';

const WEB = join(import.meta.dirname, '../../../web');

const components = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.tsx') && !path.startsWith('dist'),
);

/** Attributes that people see or hear. */
const SPOKEN = new Set(['title', 'aria-label', 'aria-description', 'placeholder', 'alt', 'label']);

const hasWords = (text: unknown): boolean => typeof text === 'string' && /\p{L}{2}/u.test(text);

type Node = { readonly type?: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Words a person would read that are written into a component, as a child or in an attribute. */
const literalText = (node: unknown): string[] => {
  if (Array.isArray(node)) return node.flatMap(literalText);
  if (!isNode(node)) return [];
  const below = Object.values(node).flatMap(literalText);
  if (node.type === 'JSXText' && hasWords(node.value)) return [String(node.value).trim(), ...below];
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
    const children = Array.isArray(node.children) ? node.children : [];
    const literals = children.map((child) => child?.expression?.value).filter(hasWords);
    return [...literals, ...below];
  }
  if (node.type === 'JSXAttribute' && isNode(node.name) && isNode(node.value)) {
    const value = isNode(node.value.expression) ? node.value.expression.value : node.value.value;
    if (SPOKEN.has(String(node.name.name)) && hasWords(value)) return [String(value), ...below];
  }
  return below;
};

describe('text', () => {
  it('stands in the catalogues and never in a component', () => {
    expect(components.length).toBeGreaterThan(3);
    const found = components.flatMap((path) => {
      const program = parseAst(readFileSync(join(WEB, path), 'utf8'), { lang: 'tsx' });
      return literalText(program).map((text) => `${path}: ${text}`);
    });
    expect(found).toEqual([]);
  });

  it('would be found in a component', () => {
    const program = parseAst('const A = () => <p title="Bed one">Heart rate{"beats"}</p>;', { lang: 'tsx' });
    expect(literalText(program).toSorted()).toEqual(['Bed one', 'Heart rate', 'beats']);
  });

  it.each(Object.entries(LANGUAGES))('in %s has something to say for every key', (_language, text) => {
    const silent = Object.entries(text).filter(([, words]) => typeof words === 'string' && words.trim() === '');
    expect(silent).toEqual([]);
    expect(text.lostDetail('X')).toContain('X');
  });

  it.each(Object.keys(LANGUAGES) as Language[])('in %s names every alarm and every kind of alarm', (language) => {
    const voice = voiceOf(language);
    const name = (condition: ConditionId) => alarmText({ condition, vital: 'spo2' }, voice);
    expect(CONDITION_IDS.filter((id) => name(id).trim() === '')).toEqual([]);
    expect(KIND_IDS.filter((kind) => kindText(kind, voice) === kind)).toEqual([]);
    expect(PRIORITIES.filter((priority) => !voice.text.priorities[priority])).toEqual([]);
  });

  it.each(Object.entries(LANGUAGES))('in %s names the unit of every vital on the wall', (_language, text) => {
    const units = TILE_SLOTS.flatMap((slot) => slot.rows.map(({ main }) => vital(main).unit));
    expect(units.filter((unit) => !text.units[unit])).toEqual([]);
    expect(VITAL_IDS.filter((id) => String(vital(id).unit) === '')).toEqual([]);
  });
});
