import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../lib/checks/rules';
import { CHANGE_RULES } from '../../lib/checks/rules/changes';

const README = join(__dirname, '../../lib/checks/README.md');
const BETWEEN = /(?<=<!-- rules: start -->\n)[\s\S]*(?=<!-- rules: end -->)/;

/** Every rule of both kinds, by group and number. */
function table(): string {
  const rows = [...RULES, ...CHANGE_RULES].map(({ id, severity, title, runs, source }) => [id, severity, title, runs.join(', '), source]);
  const groups = [...new Set(rows.map(([id = '']) => id.split('-')[0]))];
  const rank = ([id = '']: string[]) => groups.indexOf(id.split('-')[0]) * 100 + Number(id.split('-')[1]);
  const lines = rows
    .sort((a, b) => rank(a) - rank(b))
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return ['| rule | | what must hold | runs | from |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}

test('the README has the rules as they are (UPDATE_GOLDEN=1 writes them)', () => {
  const text = readFileSync(README, 'utf8');
  if (process.env.UPDATE_GOLDEN) writeFileSync(README, text.replace(BETWEEN, table));
  else expect(BETWEEN.exec(text)?.[0]).toBe(table());
});
