import type { Rule } from '../../rule';
import { noNoise } from './noise';
import { readable } from './readable';

export const REVIEWABILITY_RULES: readonly Rule[] = [readable, noNoise];
