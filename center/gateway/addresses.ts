export { hostOf, isAllowedOrigin } from '../../contract/origin.ts';
