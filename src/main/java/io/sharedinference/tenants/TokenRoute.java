package io.sharedinference.tenants;

import java.util.Optional;

/**
 * The stacks through which a tenant's stack receives its token.
 *
 * @param shared   the stack that creates the token
 * @param handover the stack that exports it to the tenant; empty if the tenant reads the shared stack
 */
record TokenRoute(String shared, Optional<String> handover) {}
