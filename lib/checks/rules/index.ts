import type { Rule } from '../rule';
import { imagePinned } from './images';
import { REFERENCE_RULES } from './references';

/** Every rule over one tree, in the order in which a report lists them. */
export const RULES: readonly Rule[] = [...REFERENCE_RULES, imagePinned];
