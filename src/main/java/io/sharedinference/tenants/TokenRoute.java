package io.sharedinference.tenants;

import java.util.Optional;

/**
 * The stacks that a tenant's token passes on its way to the tenant's own.
 *
 * @param shared   makes it
 * @param handover hands it over, where the tenant doesn't refer to the shared stack itself
 */
record TokenRoute(String shared, Optional<String> handover) {}
