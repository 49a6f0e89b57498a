import type { Rule } from '../rule';
import { keysUnique, objectsUnique } from './duplicates';
import { imagePinned } from './images';
import { namesRight } from './names';
import { namespacesRight } from './namespaces';
import { fieldsRight, versionsHave } from './schema';

/** Every rule over one tree, in the order in which a report lists them. */
export const RULES: readonly Rule[] = [fieldsRight, versionsHave, namesRight, keysUnique, namespacesRight, objectsUnique, imagePinned];
