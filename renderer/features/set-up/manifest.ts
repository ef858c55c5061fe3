import type { Component } from 'vue';
import type { Feature } from '../../app/feature.ts';

/** The pages of who has no sign-in yet; their texts come beside them. */
export const pages = {
  setUp: (): Promise<{ default: Component }> => import('./SetUp.vue'),
  invitation: (): Promise<{ default: Component }> => import('./Invitation.vue'),
};

export const feature: Feature = { name: 'setUp', texts: { setUp: () => import('./messages.ts'), people: () => import('../../shared/people/messages.ts') } };
