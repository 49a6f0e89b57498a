import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { checkManifests } from '../../lib/checks';
import { AVAILABILITY_RULES } from '../../lib/checks/rules/availability';
import { REFERENCE_RULES } from '../../lib/checks/rules/references';
import { RESOURCE_RULES } from '../../lib/checks/rules/resources';

const GOLDEN = join(__dirname, '../golden');
const IDS = new Set([...REFERENCE_RULES, ...AVAILABILITY_RULES, ...RESOURCE_RULES].map(({ id }) => id));

/** Everything but what an example's user asked for against better knowledge. */
const files = readdirSync(GOLDEN).filter((file) => !file.includes('everything'));

test.each(files)('%s: references, resources and availability are as they should be', (file) => {
  const objects = parseAllDocuments(readFileSync(join(GOLDEN, file), 'utf8')).map((document) => document.toJS());
  const found = checkManifests(objects, { external: ['Secret/orders-postgres'] }).filter(({ rule }) => IDS.has(rule));
  expect(found).toEqual([]);
});
