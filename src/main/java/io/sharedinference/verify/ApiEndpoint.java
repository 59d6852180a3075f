package io.sharedinference.verify;

import io.sharedinference.secrets.Token;
import java.net.URI;
import java.util.Optional;

/**
 * An inference API and the token to call it with.
 *
 * @param stack the stack that deploys it, for error messages
 * @param url   absolute, http or https
 * @param token a user's token for a tenant's API, the tenant's service token for the shared API
 * @param ca    CA certificates, in PEM, that the stack configures for the API; empty for public CAs
 */
public record ApiEndpoint(String stack, URI url, Token token, Optional<String> ca) {

    /** An endpoint without CA certificates of its own. */
    public ApiEndpoint(String stack, URI url, Token token) {
        this(stack, url, token, Optional.empty());
    }
}
