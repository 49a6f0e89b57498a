import type { Rule } from '../../rule';
import { budgetsAllowDrains } from './budgets';
import { namedObjectsExist } from './existing';
import { namesMatch } from './matching';
import { selectorsFind } from './selecting';
import { serviceHasAddresses } from './service-without-selector';

export const REFERENCE_RULES: readonly Rule[] = [namedObjectsExist, namesMatch, serviceHasAddresses, selectorsFind, budgetsAllowDrains];
