export { AgentTopics, type TopicEvent, type Viewer } from './topics.ts';
