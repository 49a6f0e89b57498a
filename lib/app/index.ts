export type { StatefulAppProps } from './props';
export { StatefulApp } from './stateful-app';
