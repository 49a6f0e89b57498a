import type { Severity } from '../finding';
import { type Fields, isFields } from '../manifests/look';
import { quantity } from '../manifests/quantity';
import type { Settings } from '../settings';
import { filledInLater } from './later';
import { beyond, type Wrong } from './limits';
import { pathText, rewritten, shown, typed, typeOnly, wanted } from './say';
import { missing, repeated, unavailable, unknownField } from './sentences';
import type { Also, Field, Limits, Shape } from './shape';

/** Nothing that people write is deeper, or larger: etcd takes no object of more than 1.5 MB. An alias of YAML can be in itself, though. */
const DEEPEST = 200;
const LARGEST = 300_000;

/** One thing that a schema does not allow. */
export interface Problem {
  readonly rule: 'SCH-1' | 'SCH-2' | 'SCH-4';
  /** Where it is not the rule's. */
  readonly severity?: Severity;
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

/** What a walk has to know besides the object and its shape. */
export interface Asked {
  /** Versions for which the object has to be right. */
  readonly range: number;
  /** Values must not be shown: a report is read by more people than a Secret. */
  readonly secret: boolean;
  /** What the shape is from, where not from Kubernetes: `cert-manager v1.21.1`. */
  readonly from?: string;
  readonly settings: Settings;
  /** Values looked at so far, of all alternatives together. */
  looked?: number;
}

/** All that is wrong with an object, for every version of the range, in one walk. */
export function walk(object: Fields, shape: Shape, asked: Asked): Problem[] {
  const walker = new Walker(asked);
  walker.value(object, shape);
  return walker.problems;
}

/** Whether an object, or a part of one, has anything wrong with it. */
function satisfies(value: unknown, shape: Shape, asked: Asked, depth: number): boolean {
  const walker = new Walker(asked, depth);
  walker.value(value, shape);
  return walker.problems.every(({ severity }) => severity === 'warning');
}

export class Walker {
  public readonly problems: Problem[] = [];
  /** From the object to where the walk is, and the objects that it is in. */
  public readonly steps: (string | number)[] = [];
  public readonly passed: { readonly value: Fields; readonly shape: Shape }[] = [];
  private nulls = 0;

  /** @param above how deep the walks are that this one is a part of */
  constructor(
    public readonly asked: Asked,
    private above = 0,
  ) {}

  public value(value: unknown, shape: Shape): void {
    this.asked.looked = (this.asked.looked ?? 0) + 1;
    if (this.depth > DEEPEST || this.asked.looked > LARGEST) return;
    if (value === null) {
      if (shape.nulls !== 'allowed') this.null();
      return;
    }
    if (!this.hasType(value, shape)) {
      if (!filledInLater(value, this.asked.settings)) this.wrongType(value, shape);
      return;
    }
    if (shape.fields || shape.others) {
      if (isFields(value)) this.object(value, shape);
    } else if (shape.type === 'list') this.list(value as readonly unknown[], shape);
    if (shape.limits) this.within(value, shape.limits);
    if (shape.also) this.alternatives(value, shape.also);
  }

  private get depth(): number {
    return this.above + this.steps.length;
  }

  public say(rule: Problem['rule'], { message, fix }: Wrong, severity?: Severity): void {
    this.problems.push({ rule, field: pathText(this.steps), message, fix, ...(severity && { severity }) });
  }

  private hasType(value: unknown, { type }: Shape): boolean {
    switch (type) {
      case 'any':
        return true;
      case 'object':
        return isFields(value);
      case 'list':
        return Array.isArray(value);
      case 'integer':
        return Number.isInteger(value) || typeof value === 'bigint';
      case 'int-or-string':
        return Number.isInteger(value) || typeof value === 'string';
      case 'quantity':
        return quantity(value) !== undefined;
      default:
        return typeof value === type;
    }
  }

  private wrongType(value: unknown, { type }: Shape): void {
    const got = this.asked.secret ? typeOnly(value) : typed(value);
    if (type === 'quantity' && typeof value === 'string') {
      const meant = value.replace(/B$/, '').replaceAll(' ', '');
      const fix = meant !== '' && quantity(meant) !== undefined ? `write ${meant}` : 'write a number and a unit: 500m, 2, 1Gi';
      this.say('SCH-1', { message: `${this.show(value)} is not a quantity`, fix });
    } else this.say('SCH-1', { message: `${wanted(type)} belongs here, not ${got}`, fix: rewritten(type, value, this.asked.secret) });
  }

  private object(value: Fields, shape: Shape): void {
    this.passed.push({ value, shape });
    for (const name of Object.keys(value)) {
      const inner = value[name];
      if (inner === undefined) continue;
      this.steps.push(name);
      const field = shape.fields?.get(name);
      if (field) this.field(inner, field, name, shape);
      else if (shape.others) this.value(inner, shape.others());
      else this.say('SCH-1', unknownField(name, this));
      this.steps.pop();
    }
    for (const name of shape.required ?? []) {
      const inner = value[name];
      if (inner === undefined || (inner === null && shape.fields?.get(name)?.shape().nulls !== 'allowed')) this.missing(name, shape);
    }
    this.passed.pop();
  }

  private field(value: unknown, field: Field, name: string, shape: Shape): void {
    const without = this.asked.range & ~field.versions;
    if (without !== 0 && value !== null) this.say('SCH-2', unavailable(name, shape, field, without));
    if (value === null && (field.required & this.asked.range) !== 0) return; // it is missing, which is said once
    this.value(value, field.shape());
  }

  private missing(name: string, shape: Shape): void {
    const field = shape.fields?.get(name);
    const demanding = (field?.required ?? 0) & this.asked.range;
    if (!field || demanding === 0) return;
    const all = demanding === (this.asked.range & field.versions);
    this.steps.push(name);
    this.say(all ? 'SCH-1' : 'SCH-2', missing(name, shape, all ? undefined : demanding), field.waived ? 'warning' : undefined);
    this.steps.pop();
  }

  private list(value: readonly unknown[], shape: Shape): void {
    const items = shape.items?.();
    if (!items) return;
    for (let index = 0; index < value.length; index++) {
      this.steps.push(index);
      const item = value[index];
      if (item === null && items.nulls === 'refused') this.wrongType(item, items);
      else {
        this.value(item ?? null, items);
        if (item === null && items.required) this.object({}, items); // Go reads null as an object with nothing in it
      }
      this.steps.pop();
    }
    if (shape.keys && value.length > 1) this.unique(value, shape.keys);
  }

  private unique(value: readonly unknown[], keys: NonNullable<Shape['keys']>): void {
    const first = new Map<string, number>();
    value.forEach((item, index) => {
      if (!isFields(item) || keys.every(({ name }) => item[name] === undefined)) return;
      const key = keys.map(({ name, otherwise }) => keyText(item[name] ?? otherwise)).join();
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, index);
      else {
        const { severity, ...wrong } = repeated(
          keys.map(({ name, otherwise }) => [name, item[name] ?? otherwise]),
          earlier,
          this,
        );
        this.steps.push(index);
        this.say('SCH-4', wrong, severity);
        this.steps.pop();
      }
    });
  }

  private within(value: unknown, limits: Limits): void {
    const wrong = beyond(limits, value, (shownValue) => this.show(shownValue));
    if (wrong && !filledInLater(value, this.asked.settings)) this.say('SCH-1', wrong);
  }

  private alternatives(value: unknown, also: Also): void {
    const holds = (shape: () => Shape) => satisfies(value, shape(), this.asked, this.depth + 1);
    this.above++;
    for (const shape of also.all) this.value(value, shape());
    this.above--;
    if (also.some.length > 0 && !also.some.some(holds)) this.say('SCH-1', NONE_FITS);
    const fitting = also.one.filter(holds).length;
    if (also.one.length > 0 && fitting !== 1) this.say('SCH-1', fitting === 0 ? NONE_FITS : SEVERAL_FIT);
    if (!also.not || !holds(also.not)) return;
    this.say('SCH-1', { message: `${this.show(value)} is what its schema forbids here`, fix: 'write something else' });
  }

  /** One finding an object: what Helm prints may hold dozens. */
  private null(): void {
    if (HARMLESS.has(String(this.steps.at(-1)))) return;
    this.nulls++;
    if (this.nulls > 1) return;
    this.say('SCH-1', { message: 'null counts as not written', fix: 'leave the field out, or write its value' }, 'warning');
  }

  private show(value: unknown): string {
    return this.asked.secret ? typeOnly(value) : shown(value);
  }
}

/** Whole, since two long paths may begin alike. */
function keyText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : shown(value);
}

/** Nulls that mean nothing: what Go's tools print (GIT-6 says what is to be said of it), and what Helm charts print where there are none. */
const HARMLESS = new Set(['creationTimestamp', 'annotations']);

const NONE_FITS = {
  message: 'it is none of the forms that its schema allows here',
  fix: 'write one of them, as the documentation of the kind shows',
};
const SEVERAL_FIT = {
  message: 'it is several forms at once, of which its schema allows one',
  fix: 'write one of them, and leave the others out',
};
