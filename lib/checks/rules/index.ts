import type { Rule } from '../rule';
import { AVAILABILITY_RULES } from './availability';
import { imagePinned } from './images';
import { REFERENCE_RULES } from './references';
import { RESOURCE_RULES } from './resources';

/** Every rule over one tree, in the order in which a report lists them. */
export const RULES: readonly Rule[] = [...REFERENCE_RULES, imagePinned, ...RESOURCE_RULES, ...AVAILABILITY_RULES];
