export { cronExpression, type Schedule } from './schedule';
export * from './target';
