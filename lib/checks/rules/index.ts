import type { Rule } from '../rule';
import { AVAILABILITY_RULES } from './availability';
import { GITOPS_RULES } from './gitops';
import { REFERENCE_RULES } from './references';
import { RESOURCE_RULES } from './resources';
import { REVIEWABILITY_RULES } from './reviewability';
import { SCHEMA_RULES } from './schema';
import { SECURITY_RULES } from './security';
import { immutableLabels, setDecisions } from './stateful-sets';
import { suppressionsJustified } from './suppressions';

/** Every rule over one tree, in the order in which a report lists them. */
export const RULES: readonly Rule[] = [
  ...SCHEMA_RULES,
  ...REFERENCE_RULES,
  ...SECURITY_RULES,
  ...RESOURCE_RULES,
  ...AVAILABILITY_RULES,
  immutableLabels,
  setDecisions,
  ...GITOPS_RULES,
  ...REVIEWABILITY_RULES,
  suppressionsJustified,
];
