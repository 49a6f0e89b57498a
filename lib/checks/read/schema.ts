import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  seqTag,
} from 'js-yaml';

/**
 * What words and digits without quotes mean to Kubernetes: sigs.k8s.io/yaml, so YAML 1.1 with differences of its own: `yes` and `on`
 * are booleans and `012` is ten, but `1:30` and dates are texts. The test table beside this was made with that program.
 */

/**
 * A text is a copy: what the parser hands over refers to the whole file, and a long text to each of its lines, and would keep them all
 * in memory. That is 120 MB less for 15,000 objects, and not slower. V8 copies what is shorter anyway.
 */
const str = defineScalarTag<string>('tag:yaml.org,2002:str', {
  resolve: (source) => (source.length < 13 ? source : Buffer.from(source).toString()),
  identify: () => false,
});

const DIGITS = [...'0123456789'];

const int = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...DIGITS],
  resolve: (source) => integer(source.replaceAll('_', '')) ?? NOT_RESOLVED,
  identify: () => false,
});

const float = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...DIGITS],
  resolve: (source) => real(source.startsWith('.') ? source : source.replaceAll('_', '')) ?? NOT_RESOLVED,
  identify: () => false,
});

function integer(digits: string): number | undefined {
  const [, sign, prefix = '', rest = ''] =
    /^([-+]?)(0[bB](?=[01]+$)|0[xX](?=[\da-fA-F]+$)|0[oO]?(?=[0-7]+$))?([\da-fA-F]+)$/.exec(digits) ?? [];
  if (sign === undefined || (prefix === '' && !/^(0|[1-9]\d*)$/.test(rest))) return undefined;
  const value = Number.parseInt(rest, { b: 2, x: 16 }[prefix.charAt(1).toLowerCase()] ?? (prefix === '' ? 10 : 8));
  return sign === '-' && value !== 0 ? -value : value;
}

function real(digits: string): number | undefined {
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(digits)) throw new Error(`${digits} is a number that JSON does not have`);
  const value = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** What a Secret's value is most often not written as; the text it stands for. */
const binary = defineScalarTag<string>('tag:yaml.org,2002:binary', {
  resolve: (source) => Buffer.from(source, 'base64').toString('utf8'),
  identify: () => false,
});

const map = defineMappingTag('tag:yaml.org,2002:map', {
  ...mapTag,
  addPair: (object, key, value) => (key === null ? 'a key is null' : mapTag.addPair(object, key, value)),
});

/** Tags that Kubernetes does not know count for nothing there. */
const others = [
  defineScalarTag<string>('', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag('', { ...seqTag, matchByTagPrefix: true }),
  defineMappingTag('', { ...map, matchByTagPrefix: true }),
];

export const KUBERNETES = new Schema([str, seqTag, map, nullYaml11Tag, boolYaml11Tag, int, float, mergeTag, binary, ...others]);
