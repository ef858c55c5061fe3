export { createSources, type TopicSource, type TopicSources } from './sources.ts';
export { Topics, type TopicReader } from './topics.ts';
