import { type Graph, type GraphEdge, type GraphNode, Ids, type Relation, type Shape } from './model';

const BRACKETS: Readonly<Record<Shape, readonly [open: string, close: string]>> = {
  workload: ['[', ']'],
  service: ['([', '])'],
  route: ['[/', '/]'],
  volume: ['[(', ')]'],
  secret: ['{{', '}}'],
  outside: ['(', ')'],
  note: ['>', ']'],
};

/** Fills that dark text is legible on, whatever the page's own colours. */
const CLASSES: Readonly<Record<Shape | 'open', string>> = {
  workload: 'fill:#dbeafe,stroke:#2563eb,color:#111827',
  open: 'fill:#dbeafe,stroke:#d97706,stroke-width:2px,stroke-dasharray:6 3,color:#111827',
  service: 'fill:#dcfce7,stroke:#16a34a,color:#111827',
  route: 'fill:#fef9c3,stroke:#ca8a04,color:#111827',
  volume: 'fill:#f3e8ff,stroke:#9333ea,color:#111827',
  secret: 'fill:#fee2e2,stroke:#dc2626,color:#111827',
  outside: 'fill:#f3f4f6,stroke:#6b7280,stroke-dasharray:3 3,color:#111827',
  note: 'fill:#fffbeb,stroke:#a8a29e,color:#111827',
};

const ARROWS: Readonly<Record<Relation, string>> = { allowed: '==>', leads: '-->', fills: '-.->', stores: '---', reads: '-.-' };

/** A space without width: two dollars side by side begin a formula, and `fa:fa-…` is an icon, even by their numbers. */
const NOTHING = '#8203;';

/** The longest line of a label: names may have 253 characters. */
const LONGEST = 80;

/** A Mermaid flowchart. Nothing that a manifest says can end a label, or be anything but text in it. */
export function mermaid({ nodes, edges, remarks }: Graph): string {
  const outside = nodes.filter(({ namespace }) => namespace === undefined);
  const used = new Set(nodes.map(classOf));
  const lines = [
    ...remarks.map(comment),
    ...outside.map(nodeText),
    ...namespaces(nodes),
    ...edges.map(edgeText),
    ...Object.entries(CLASSES).flatMap(([name, style]) => (used.has(name as Shape) ? [`classDef ${name} ${style}`] : [])),
  ];
  return ['flowchart LR', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function namespaces(nodes: readonly GraphNode[]): string[] {
  const ids = new Ids();
  return [...groups(nodes, ({ namespace }) => namespace)].flatMap(([name, inside]) =>
    framed(ids.of(name, 'namespace', name), `namespace ${name}`, instances(inside, ids, name)),
  );
}

/** Those of one instance in a frame of their own, where the namespace has others, too. */
function instances(nodes: readonly GraphNode[], ids: Ids, namespace: string): string[] {
  const frames = [...groups(nodes, ({ instance }) => instance)].filter(([, { length }]) => length > 1 && length < nodes.length);
  const others = nodes.filter(({ instance }) => !frames.some(([name]) => name === instance));
  return [
    ...frames.flatMap(([name, inside]) =>
      framed(ids.of(JSON.stringify([namespace, name]), 'instance', namespace, name), `instance ${name}`, inside.map(nodeText)),
    ),
    ...others.map(nodeText),
  ];
}

function framed(id: string, title: string, inside: readonly string[]): string[] {
  // without a direction of its own, a frame with no arrow across its edge is drawn from top to bottom
  return [`subgraph ${id}["${label([title])}"]`, '  direction LR', ...inside.map((line) => `  ${line}`), 'end'];
}

function nodeText(node: GraphNode): string {
  const [open, close] = BRACKETS[node.shape];
  return `${node.id}${open}"${label(node.lines)}"${close}:::${classOf(node)}`;
}

function edgeText({ from, to, relation, label: text }: GraphEdge): string {
  return `${from} ${ARROWS[relation]}${text ? `|"${label([text])}"|` : ''} ${to}`;
}

function classOf({ shape, isOpen }: GraphNode): Shape | 'open' {
  return isOpen ? 'open' : shape;
}

function label(lines: readonly string[]): string {
  return lines.map(escaped).join('<br/>') || ' ';
}

/**
 * Letters, digits and a few signs as they are, every other character by its number: no quote or bracket that ends a label, no
 * HTML, no Markdown, no formula, no directive, no icon. What is not printable becomes a space.
 *
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export function escaped(text: string): string {
  const characters = [...printable(text)];
  const short = characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('');
  return short.replace(/[^\p{L}\p{N} .,:/()=+×→…-]|:(?! )/gu, (sign) => `#${sign.codePointAt(0)};${/[$:]/.test(sign) ? NOTHING : ''}`);
}

/** A comment ends with its line, and is not shown: what may mean something is left out. */
function comment(text: string): string {
  return `%% ${printable(text).replace(/[^\p{L}\p{N} .,:;/()-]/gu, '')}`;
}

function printable(text: string): string {
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}

function groups(nodes: readonly GraphNode[], nameOf: (node: GraphNode) => string | undefined): Map<string, GraphNode[]> {
  const result = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const name = nameOf(node);
    if (name === undefined) continue;
    const same = result.get(name);
    if (same) same.push(node);
    else result.set(name, [node]);
  }
  return new Map([...result].sort(([a], [b]) => (a < b ? -1 : 1)));
}
