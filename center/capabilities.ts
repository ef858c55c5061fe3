import type { ApiHandlers } from './api.ts';
import { createAccountEndpoints, type AccountParts } from './accounts/endpoints.ts';
import { createAuditEndpoints } from './audit/endpoints.ts';
import { createContactEndpoints } from './calls/endpoints.ts';
import { createCredentialEndpoints, type CredentialParts } from './credentials/endpoints.ts';
import { createCustomerEndpoints, type CustomerParts } from './customers/endpoints.ts';
import { createConfigurationEndpoints, type ConfigurationParts } from './configuration/endpoints.ts';
import { createJobEndpoints, type JobParts } from './jobs/endpoints.ts';
import { createMediaEndpoints, type MediaEndpointParts } from './media/endpoints.ts';
import type { ContactCenter } from './ports.ts';
import { createSetUpEndpoints, type SetUpParts } from './set-up/endpoints.ts';
import { createInvitationEndpoints, type InvitationParts } from './set-up/invitations.ts';

export interface CapabilityParts extends Omit<CustomerParts, 'center'>, AccountParts, Omit<ConfigurationParts, 'center' | 'accounts'>, Omit<SetUpParts, 'center'>, Omit<InvitationParts, 'center'>, JobParts, MediaEndpointParts, Omit<CredentialParts, 'center'> {
  center: ContactCenter;
}

/** Every capability's endpoints, and what is to be done before the store is closed. */
export function createCapabilities(parts: CapabilityParts): { handlers: ApiHandlers; close: () => Promise<void> } {
  const customers = createCustomerEndpoints(parts);
  return {
    handlers: { ...createAccountEndpoints(parts), ...customers.handlers, ...createContactEndpoints(parts), ...createConfigurationEndpoints(parts), ...createSetUpEndpoints(parts), ...createInvitationEndpoints(parts), ...createAuditEndpoints(parts), ...createJobEndpoints(parts), ...createMediaEndpoints(parts), ...createCredentialEndpoints(parts) } satisfies ApiHandlers,
    close: () => customers.close(),
  };
}
