import type { Rule } from '../../rule';
import { keysUnique, objectsUnique } from './duplicates';
import { fieldsRight, versionsHave } from './fields';
import { namesRight } from './names';
import { namespacesRight } from './namespaces';

export const SCHEMA_RULES: readonly Rule[] = [fieldsRight, versionsHave, namesRight, keysUnique, namespacesRight, objectsUnique];
