import type { Rule } from '../rule';
import { imagePinned } from './images';

/** Every rule over one tree, in the order in which a report lists them. */
export const RULES: readonly Rule[] = [imagePinned];
