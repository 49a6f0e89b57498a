export { type MarkdownOptions, renderReviewMarkdown } from './markdown';
export type { Note, Risk } from './note';
export { type Review, reviewManifests } from './review';
export { renderReviewText } from './text';
