import * as fc from 'fast-check';
import type { Finding } from '../../../lib/checks';
import { code, visible } from '../../../lib/checks/escape';
import { jsonReport } from '../../../lib/checks/report/json';
import { markdownReport } from '../../../lib/checks/report/markdown';
import type { Report } from '../../../lib/checks/report/report';
import { textReport } from '../../../lib/checks/report/text';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule: 'SEC-6',
  severity: 'warning',
  object: 'Deployment shop/app',
  field: 'spec.template.spec.containers[0].image',
  message: 'app:1.2 has no digest',
  fix: 'append the digest',
  origin: { file: 'dist/app.yaml', line: 7 },
  ...changes,
});

const report = (...findings: Finding[]): Report => ({ findings, objects: 2, files: 1, skipped: [] });

describe('text', () => {
  test('by object, with the fields that the same is said of together', () => {
    const text = textReport(
      report(
        finding({
          severity: 'error',
          rule: 'SCH-1',
          field: '',
          message: 'it is wrong',
          fix: 'make it right',
          object: 'Service shop/app',
          origin: {},
        }),
        finding(),
        finding({ field: 'spec.template.spec.containers[1].image' }),
        finding({ rule: 'HA-1', message: 'another thing' }),
      ),
    );
    expect(text).toBe(`Service shop/app
  error    SCH-1  it is wrong
                  → make it right

dist/app.yaml:7  Deployment shop/app
  warning  SEC-6  app:1.2 has no digest
                  spec.template.spec.containers[0].image
                  spec.template.spec.containers[1].image
                  → append the digest
  warning  HA-1   another thing
                  spec.template.spec.containers[0].image
                  → append the digest

✖ 1 error, 3 warnings in 2 objects of 1 file
  to except an object from a rule, annotate it with the reason: cdk8s-stateful/ignore-<rule>: <reason>
`);
  });

  test('nothing wrong is one line', () => {
    expect(textReport(report())).toBe('✔ nothing wrong in 2 objects of 1 file\n');
  });

  test('only warnings', () => {
    expect(textReport(report(finding()))).toContain('\n⚠ 1 warning in 2 objects of 1 file\n');
  });

  test('a terminal gets lines that fit, in colours', () => {
    const text = textReport(report(finding({ message: 'one two three four five six seven', severity: 'error' })), {
      colour: true,
      width: 38,
    });
    expect(text).toContain('\x1b[36mdist/app.yaml:7\x1b[39m  \x1b[1mDeployment shop/app\x1b[22m\n');
    expect(text).toContain('  \x1b[31merror  \x1b[39m  \x1b[1mSEC-6\x1b[22m  one two three four\n                  five six seven\n');
    expect(text).toContain('\x1b[1m\x1b[31m✖ 1 error in 2 objects of 1 file\x1b[39m\x1b[22m');
  });

  test('a construct is named where there is no file', () => {
    expect(textReport(report(finding({ origin: { construct: 'shop/orders' } })))).toContain('shop/orders  Deployment shop/app\n');
  });

  test('nothing in a manifest controls the terminal', () => {
    const text = textReport(
      report(finding({ object: 'Pod \x1b[2J\x9b1m', message: 'a\r\nb\x07', fix: '\u202eevil', origin: { file: 'a\nb' } })),
    );
    expect(text).toContain('a\\nb  Pod \\u{1b}[2J\\u{9b}1m\n');
    expect(text).toContain('a\\r\\nb\\u{7}\n');
    expect(text).toContain('→ \\u{202e}evil\n');
  });
});

describe('Markdown', () => {
  test('is a list by object, with what is from manifests as code where it could mean something', () => {
    expect(
      markdownReport(report(finding({ severity: 'error' }), finding({ severity: 'error', field: 'b' }))),
    ).toBe(`### ❌ Manifests: 2 errors

In 2 objects of 1 file.

**\`Deployment shop/app\`** in \`dist/app.yaml:7\`

- ❌ **SEC-6** app:1.2 has no digest  
  at \`spec.template.spec.containers[0].image\`, \`b\`  
  → append the digest
`);
  });

  test('nothing wrong', () => {
    expect(markdownReport(report())).toBe('### ✅ Manifests: nothing wrong\n\nIn 2 objects of 1 file.\n');
  });

  test('a comment has room for it: what does not fit is counted', () => {
    const many = Array.from({ length: 1000 }, (_, i) => finding({ object: `Deployment shop/app-${i}`, message: 'x'.repeat(9999) }));
    const text = markdownReport(report(...many));
    expect(text.length).toBeLessThan(60_000);
    expect(text).toMatch(/\nAnd 9\d\d more objects: this comment has no room for them\.\n$/);
  });

  test.each([
    ['<img src=x onerror=alert(1)>', '`<img src=x onerror=alert(1)>`'],
    ['@everyone, see #1 and https://evil.example', '`@everyone, see #1 and https://evil.example`'],
    ['`closed` **bold**', '`` `closed` **bold** ``'],
    ['```\n/close\n```', '```` ```\\n/close\\n``` ````'],
    ['a | b \\| c', '`a | b \\| c`'],
    [' spaces ', '`  spaces  `'],
    ['', '`  `'],
  ])('%j is shown and does nothing', (text, is) => {
    expect(code(text)).toBe(is);
  });

  test('no text gets out of the code that it is in', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('`', '``', ' ', '\n', '\r', '\u2028', '\\', '|', '<', '@', 'x', '\u202e')), (parts) => {
        const shown = code(parts.join(''));
        const [, fence = '', inside = ''] = /^(`+)([\s\S]*)\1$/.exec(shown) ?? [];
        expect(fence).not.toBe('');
        expect(inside.match(/`+/g) ?? []).not.toContain(fence);
        expect(inside).toMatch(/^[^`][\s\S]*[^`]$|^[^`]$/);
        expect(inside).not.toMatch(/[\r\n\u2028\u202e]/);
      }),
    );
  });
});

describe('JSON', () => {
  test('has a shape that stays', () => {
    const json = JSON.parse(
      jsonReport({ ...report(finding({ origin: {} }), finding({ severity: 'error' })), skipped: [{ file: 'a', reason: 'b' }] }),
    );
    expect(json).toEqual({
      version: 1,
      summary: { objects: 2, files: 1, errors: 1, warnings: 1 },
      findings: [
        { ...finding(), origin: undefined, file: null, line: null },
        { ...finding({ severity: 'error' }), origin: undefined, file: 'dist/app.yaml', line: 7 },
      ],
      skipped: [{ file: 'a', reason: 'b' }],
    });
    expect(Object.keys(json.findings[0])).toEqual(['rule', 'severity', 'object', 'field', 'message', 'fix', 'file', 'line']);
  });
});

test('text that people can read is shown as it is', () => {
  expect(visible('Größe: 3 × 4 → 日本語 😀 "quoted"')).toBe('Größe: 3 × 4 → 日本語 😀 "quoted"');
});
