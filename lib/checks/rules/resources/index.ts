import type { Rule } from '../../rule';
import { quantitiesAreCanonical } from './canonical-quantities';
import { resourcesAreBounded } from './requests-and-limits';

export const RESOURCE_RULES: readonly Rule[] = [resourcesAreBounded, quantitiesAreCanonical];
